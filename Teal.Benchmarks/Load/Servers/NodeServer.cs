using System.Globalization;

namespace Teal.Benchmarks.Load.Servers;

/// <summary>
/// Debian's Node.js and ws, with what a developer would write instead (<c>Node/server.js</c>). It checks nothing, and keeps nothing.
/// </summary>
internal sealed class NodeServer : LoadServer
{
    /// <summary>What the tables call it.</summary>
    public const string ServerName = "Node.js and ws";

    // Debian's place for libraries, which a Node.js from elsewhere does not know.
    private const string Libraries = "/usr/share/nodejs";

    private static readonly string Script = Path.Combine(AppContext.BaseDirectory, "Node", "server.js");

    public override string Name => ServerName;

    public override int FirstWarmUps => 3;

    public override async Task StartAsync(LoadOptions options)
    {
        string[] command = ["node", Script, HttpPort.ToString(CultureInfo.InvariantCulture)];
        var process = Run(options.ServerProcessor, command, new Dictionary<string, string> { ["NODE_PATH"] = Libraries });
        await process.WaitForPortAsync(HttpPort);
    }

    public override string Handshake(string topic) => Upgrade($"/websocket?topic={topic}");

    public override string ReplayHandshake(string topic, int events) => throw new NotSupportedException($"{Name} keeps no events.");

    public override string Request(string topic) => Http($"GET /callback?{Query(topic)}");
}
