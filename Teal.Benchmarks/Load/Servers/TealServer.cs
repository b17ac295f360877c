using System.Net.Http;
using System.Text;

namespace Teal.Benchmarks.Load.Servers;

/// <summary>The published binary.</summary>
/// <param name="name">What the tables call it.</param>
/// <param name="settings">Its settings, apart from addresses, folder and password.</param>
internal class TealServer(string name, params string[] settings) : LoadServer
{
    /// <summary>The name of the one with the embedded store.</summary>
    public const string DurableName = "Teal, durable";

    /// <summary>The name of the one that keeps nothing on the disk.</summary>
    public const string InMemoryName = "Teal, memory";

    // Long enough not to be refused as one that can be guessed.
    private const string Password = "password-of-the-load-generator";

    private static readonly string Authorization = Authorize(Password);

    public override string Name => name;

    public override int WebSocketPort { get; } = ServerProcess.FindPort();

    /// <summary>How many files it may have open; none: as many as the load generator.</summary>
    public int? OpenFiles { get; init; }

    /// <summary>The embedded store, which is the default.</summary>
    public static TealServer Durable() => new(DurableName);

    /// <summary>Nothing on the disk.</summary>
    public static TealServer InMemory() => new(InMemoryName, "--Store", "Memory", "--Journal:MaximumMemory", "2047 MiB");

    public override Task StartAsync(LoadOptions options) => StartTealAsync(options, []);

    public override string Handshake(string topic) => ClassicHandshake();

    public override string ReplayHandshake(string topic, int events) => ExtendedHandshake();

    public override IReadOnlyList<string> ReplayRegistration(string topic) =>
        [$$$"""{"id":1,"register_to":{"type":"callback","state":"{{{topic}}}","after":"earliest"}}"""];

    public override IReadOnlyList<string> Registration(string topic, bool isFirst)
    {
        var register = $$$"""{"register_to":{"type":"callback","state":"{{{topic}}}"}}""";
        return isFirst ? [Create(topic), register] : [register];
    }

    public override string Request(string topic) => Http($"GET /callback?{Query(topic)}");

    /// <summary>The header that says who a client is.</summary>
    public static string Authorize(string password) =>
        $"Authorization: Basic {Convert.ToBase64String(Encoding.ASCII.GetBytes($"anonymous:{password}"))}\r\n";

    /// <summary>The handshake of the protocol that needs no name.</summary>
    public static string ClassicHandshake() => Upgrade("/websocket", Authorization);

    /// <summary>The handshake of the protocol with answers and cursors.</summary>
    public static string ExtendedHandshake() => Upgrade("/websocket", $"{Authorization}Sec-WebSocket-Protocol: teal.v2\r\n");

    /// <summary>The message that makes a state.</summary>
    public static string Create(string topic) =>
        $$$"""{"create":{"type":"callback","state":"{{{topic}}}","final_redirect_url":"https://app.example.org/done","expires_at":{{{TimeProvider.System.GetUtcNow().AddHours(1).ToUnixTimeSeconds()}}}}}""";

    /// <summary>Starts the binary, and completes when it is ready.</summary>
    protected async Task StartTealAsync(LoadOptions options, IEnumerable<string> more)
    {
        string[] limit = OpenFiles is { } files ? ["prlimit", $"--nofile={files}:{files}"] : [];
        Run(options.ServerProcessor,
        [
            .. limit, options.Binary, "serve", "--Listener:Url", $"http://127.0.0.1:{HttpPort}", "--Dispatcher:Url",
            $"http://127.0.0.1:{WebSocketPort}",
            "--Dispatcher:Password", Password, "--DataDirectory", Folder, .. settings, .. more,
        ],
        options.TealEnvironment);
        await WaitForAnswerAsync();
    }

    private async Task WaitForAnswerAsync()
    {
        using var client = new HttpClient();
        await Process.WaitAsync(async () =>
        {
            try
            {
                using var answer = await client.GetAsync(new Uri($"http://127.0.0.1:{HttpPort}/health/ready"));
                return answer.IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        });
    }
}
