using System.Globalization;
using System.Reflection;
using Teal.Benchmarks.Floor;

namespace Teal.Benchmarks.Load.Servers;

/// <summary>Bare Kestrel, in a process of its own (<see cref="FloorServer"/>).</summary>
internal class FloorServerProcess : LoadServer
{
    /// <summary>What the tables call it.</summary>
    public const string ServerName = "floor";

    public override string Name => ServerName;

    public override async Task StartAsync(LoadOptions options)
    {
        string[] command =
        [
            "dotnet", Assembly.GetExecutingAssembly().Location, FloorCommand.Name, "--port",
            HttpPort.ToString(CultureInfo.InvariantCulture),
        ];

        // As in Teal's project.
        var process = Run(options.ServerProcessor, command, new Dictionary<string, string> { ["DOTNET_gcServer"] = "0" });
        await process.WaitForPortAsync(HttpPort);
    }

    public override string Handshake(string topic) => Upgrade($"/websocket?topic={topic}");

    public override string ReplayHandshake(string topic, int events) => Upgrade($"/websocket?{Query(topic)}&replay={events}");

    public override string Request(string topic) => Http($"GET /callback?{Query(topic)}");
}
