using System.CommandLine;
using Teal.Benchmarks.Load.Floods;
using Teal.Benchmarks.Load.Reports;
using Teal.Benchmarks.Load.Scenes;

namespace Teal.Benchmarks.Load;

/// <summary><c>load</c>: the published binary under load, beside bare Kestrel, nginx with nchan, and Node.js with ws.</summary>
internal static class LoadCommand
{
    public static Command Create()
    {
        var binary = new Option<FileInfo>("--binary") { Description = "The published binary of Teal.", Required = true };
        var scenes = new Option<string[]>("--scenes")
        {
            Description = "Which scenes are run; all of them where it is not given.",
            AllowMultipleArgumentsPerToken = true,
        };
        scenes.AcceptOnlyFromAmong([.. SceneCatalogue.All.Select(static scene => scene.Name)]);
        var floods = new Option<string[]>("--floods")
        {
            Description = "Which floods are run in the scenes of that name; all of them where it is not given.",
            AllowMultipleArgumentsPerToken = true,
        };
        floods.AcceptOnlyFromAmong([.. FloodCatalogue.All.Select(static flood => flood.Name)]);
        var environment = new Option<string[]>("--environment")
        {
            Description = "What Teal's environment has more: NAME=VALUE.",
            AllowMultipleArgumentsPerToken = true,
        };
        var isShort = new Option<bool>("--short") { Description = "Small and short, to see that all works; the figures say little." };
        var document = new Option<FileInfo?>("--document")
        {
            Description = "A Markdown document into which the figures are written, between its marks.",
        };
        var command =
            new Command(
                "load",
                "Compares the published binary with bare Kestrel, with nginx and nchan, and with Node.js and ws, on a "
                    + "processor of their own.") { binary, scenes, floods, environment, isShort, document };
        command.SetAction(async (result, cancellationToken) =>
        {
            var wanted = result.GetValue(scenes) is { Length: > 0 } names ? SceneCatalogue.All.Where(scene => names.Contains(scene.Name))
                .ToArray() : SceneCatalogue.All;
            var options = new LoadOptions
            {
                Binary = result.GetRequiredValue(binary).FullName,
                IsShort = result.GetValue(isShort),
                Floods = result.GetValue(floods) ?? [],
                TealEnvironment = (result.GetValue(environment) ?? [])
                    .Select(static pair => pair.Split('=', 2)).ToDictionary(static pair => pair[0], static pair => pair[^1]),
            };
            var text = await LoadComparison.RunAsync(wanted, options, Console.Out, cancellationToken);
            if (result.GetValue(document) is { } file) MarkedDocument.Write(file.FullName, text);
            return 0;
        });
        return command;
    }
}
