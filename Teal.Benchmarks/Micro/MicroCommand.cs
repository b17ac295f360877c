using System.CommandLine;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace Teal.Benchmarks.Micro;

/// <summary><c>micro</c>: the steps of an event's way, each alone (BenchmarkDotNet).</summary>
internal static class MicroCommand
{
    private static readonly Type[] Benchmarks =
    [
        typeof(TargetBenchmark), typeof(StateLookupBenchmark), typeof(EncodingBenchmark), typeof(FanOutBenchmark),
        typeof(MemoryJournalBenchmark), typeof(JournalAppendBenchmark),
    ];

    public static Command Create()
    {
        var filter = new Option<string[]>("--filter")
        {
            Description = "Which of them, as patterns.",
            DefaultValueFactory = static _ => ["*"],
            AllowMultipleArgumentsPerToken = true,
        };
        var isShort = new Option<bool>("--short") { Description = "Fewer rounds; the figures say less." };
        var command =
            new Command("micro", "Measures the steps of an event's way, each alone, with what they allocate.") { filter, isShort };
        command.SetAction(result =>
        {
            // In this process: no project has to be built for it, which would have to be restored.
            var job = (result.GetValue(isShort) ? Job.ShortRun : Job.Default).WithToolchain(InProcessEmitToolchain.Instance);
            var configuration = DefaultConfig.Instance.AddJob(job).AddDiagnoser(MemoryDiagnoser.Default)
                .WithOptions(ConfigOptions.JoinSummary | ConfigOptions.DisableLogFile)
                .WithArtifactsPath(Path.Combine(Path.GetTempPath(), "teal-benchmarks"));
            BenchmarkSwitcher.FromTypes(Benchmarks).Run(["--filter", .. result.GetRequiredValue(filter)], configuration);
        });
        return command;
    }
}
