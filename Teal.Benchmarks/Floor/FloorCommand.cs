using System.CommandLine;

namespace Teal.Benchmarks.Floor;

/// <summary><c>floor</c>: runs the server that <c>load</c> compares with.</summary>
internal static class FloorCommand
{
    public const string Name = "floor";

    public static Command Create()
    {
        var port = new Option<int>("--port") { Description = "Where it listens, on loopback.", Required = true };
        var command = new Command(Name, "Runs bare Kestrel: a redirect, and a fan-out to websockets, with nothing in between.") { port };
        command.SetAction((result, cancellationToken) => FloorServer.RunAsync(result.GetValue(port), cancellationToken));
        return command;
    }
}
