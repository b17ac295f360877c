using System.CommandLine;

namespace Teal.Benchmarks.Fuzz;

/// <summary><c>fuzz</c>: the published binary is sent what nobody should send.</summary>
internal static class FuzzCommand
{
    public static Command Create()
    {
        var binary = new Option<FileInfo>("--binary") { Description = "The published binary of Teal.", Required = true };
        var minutes = new Option<double>("--minutes") { Description = "How long.", DefaultValueFactory = static _ => 10 };
        var seed = new Option<int>("--seed")
        {
            Description = "With the same one the inputs are the same.",
            DefaultValueFactory = static _ => Random.Shared.Next(),
        };
        var only =
            new Option<string[]>("--only") { Description = "Which generators run; otherwise all.", AllowMultipleArgumentsPerToken = true };
        only.AcceptOnlyFromAmong([.. FuzzGenerators.All.Select(static generator => generator.Name)]);
        var replay = new Option<long?>("--replay") { Description = "Sends the input with that number alone, and tells what came of it." };
        var findings =
            new Option<FileInfo?>("--findings") { Description = "Where inputs are written that found something; otherwise fuzz-SEED.txt." };
        var command =
            new Command(
                "fuzz",
                "Sends a server what nobody should send, and looks whether it stays well.") { binary, minutes, seed, only, replay,
                findings };
        command.SetAction(async (result, cancellationToken) =>
        {
            var names = result.GetValue(only) ?? [];
            var begin = result.GetValue(seed);
            var file = result.GetValue(findings) ?? new FileInfo($"fuzz-{begin}.txt");
            IFuzzGenerator[] generators = [.. FuzzGenerators.All.Where(generator => names.Length == 0 || names.Contains(generator.Name))];
            var run = new FuzzRun(result.GetRequiredValue(binary).FullName, generators, begin, file.FullName, Console.Out);
            var isWell = result.GetValue(replay) is { } number
                ? await run.ReplayAsync(number, cancellationToken)
                : await run.RunAsync(TimeSpan.FromMinutes(result.GetValue(minutes)), cancellationToken);
            return isWell ? 0 : 1;
        });
        return command;
    }
}
