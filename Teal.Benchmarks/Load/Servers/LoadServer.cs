namespace Teal.Benchmarks.Load.Servers;

/// <summary>A server under load: how it is started, and what a client says to it.</summary>
internal abstract class LoadServer : IAsyncDisposable
{
    /// <summary>Stands in a request where the number of the event is written, eight digits.</summary>
    public const string Number = "########";

    private readonly List<ServerProcess> _processes = [];
    private readonly Lazy<string> _folder = new(static () => Directory.CreateTempSubdirectory("teal-load-").FullName);

    /// <summary>What the tables call it.</summary>
    public abstract string Name { get; }

    /// <summary>Where it takes events.</summary>
    public int HttpPort { get; } = ServerProcess.FindPort();

    /// <summary>Where it takes websockets.</summary>
    public virtual int WebSocketPort => HttpPort;

    /// <summary>
    /// How often it works and rests after its start, before it is measured; .NET compiles what is used most for as long as that takes.
    /// </summary>
    public virtual int FirstWarmUps => 8;

    /// <summary>Whether something that it uses runs on the load generator's processor.</summary>
    public bool SharesProcessor => _processes.Count > 1;

    /// <summary>The server itself, without what it uses.</summary>
    public ServerProcess Process => _processes[^1];

    /// <summary>Where it keeps its files; goes with it.</summary>
    protected string Folder => _folder.Value;

    /// <summary>Processor time of everything that it needs.</summary>
    public TimeSpan ReadCpu() => TimeSpan.FromTicks(_processes.Sum(static process => process.ReadCpu().Ticks));

    /// <summary>How many bytes the files take in which it keeps something.</summary>
    public long ReadDisk() => new DirectoryInfo(Folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(static file =>
    {
        try
        {
            return file.Length;
        }
        catch (FileNotFoundException)
        {
            // It was one for a moment.
            return 0;
        }
    });

    /// <summary>How many bytes of memory a store beside it takes; none where there is none.</summary>
    public virtual long? ReadStoreMemory() => null;

    /// <summary>Starts it, and completes when it answers.</summary>
    public abstract Task StartAsync(LoadOptions options);

    /// <summary>The request that opens a websocket for a topic.</summary>
    public abstract string Handshake(string topic);

    /// <summary>What a client says then to get the topic's events.</summary>
    public virtual IReadOnlyList<string> Registration(string topic, bool isFirst) => [];

    /// <summary>The request that opens a websocket for all that is kept of a topic.</summary>
    public abstract string ReplayHandshake(string topic, int events);

    /// <summary>What a client says then to get it.</summary>
    public virtual IReadOnlyList<string> ReplayRegistration(string topic) => [];

    /// <summary>The request that brings an event, with <see cref="Number"/> in it.</summary>
    public abstract string Request(string topic);

    /// <inheritdoc/>
    public virtual async ValueTask DisposeAsync()
    {
        for (var i = _processes.Count - 1; i >= 0; i--) await _processes[i].DisposeAsync();
        if (_folder.IsValueCreated) Directory.Delete(Folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Starts one of its programs; the last one is the server itself.</summary>
    protected ServerProcess Run(string processors, IEnumerable<string> command, IReadOnlyDictionary<string, string>? environment = null)
    {
        var process = ServerProcess.Start(processors, command, environment);
        Add(process);
        return process;
    }

    /// <summary>Takes one of its programs over.</summary>
    protected void Add(ServerProcess process) => _processes.Add(process);

    /// <summary>A request as an HTTP client sends it.</summary>
    public static string Http(string line, string headers = "", string body = "") =>
        $"{line} HTTP/1.1\r\nHost: localhost:8080\r\nUser-Agent: teal-benchmarks\r\nAccept: */*\r\n{headers}\r\n{body}";

    /// <summary>The opening handshake (RFC 6455 section 4.1).</summary>
    public static string Upgrade(string target, string headers = "") => Http(
        $"GET {target}",
        $"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            + $"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{headers}");

    /// <summary>The query of a redirect, as identity providers send it.</summary>
    protected static string Query(string topic) =>
        $"state={topic}&code=0123456789abcdef{Number}&scope=openid%20profile%20email&session_state=2f31d9a6-4a17-4f28-a2a5-f63f6e8d3d57";
}
