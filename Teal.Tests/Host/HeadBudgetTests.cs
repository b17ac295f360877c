using System.IO.Pipelines;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;
using Teal.Core.Addresses;
using Teal.Host.Configuration;
using Teal.Host.Serving;
using Teal.Tests.Support;

namespace Teal.Tests.Host;

/// <summary>Requests without an end take a bounded memory, and it is not others that pay for them (specification 7.1).</summary>
public sealed class HeadBudgetTests
{
    private const int Block = BlockPool.BlockSize;
    private const string One = "192.0.2.1", Two = "192.0.2.2", Three = "2001:db8::3";

    private readonly ManualTimeProvider _clock = new();
    private readonly LogRecorder _log = new();
    private readonly TealOptions _options = new();
    private HeadBudget _heads = null!;
    private EndpointConnections _connections = null!;

    // A head, and for how many of its kind there is room in 1 MiB.
    private static TestCaseData[] Unfinished =>
    [
        new TestCaseData("GET /call", 64).SetArgDisplayNames("a line without an end"),
        new TestCaseData($"GET /callback?state=s HTTP/1.1\r\nHost: localhost\r\nX: {new string('x', 10_187)}\r\n", 25)
            .SetArgDisplayNames("headers without an end"),
    ];

    [SetUp]
    public void Make()
    {
        (_options.Http.MaximumConnections, _options.Http.MaximumConnectionsPerAddress, _options.Http.HeadBudget) = (1000, 1000, 10 * Block);
        (_options.Http.MaximumRequestLineSize, _options.Http.MaximumHeaderSize) = (64 * 1024, 32 * 1024);
        var loggers = new LoggerFactory([_log]);
        _heads = new HeadBudget(_options, _clock, loggers.CreateLogger<HeadBudget>());
        var endpoint = new ModuleEndpoint(new BindAddress("localhost", 0), [Module.Listener]);
        _connections = new EndpointConnections(
            endpoint, new ConnectionBudget(_options, 1000), _heads, _options, _clock, loggers.CreateLogger<EndpointConnections>());
    }

    [TearDown]
    public void End() => _log.Dispose();

    [Test]
    public async Task Head_UntilItHasAnEnd_TakesTheBlocksThatItIsIn()
    {
        var sender = new Sender(_connections, One);

        await sender.SendAsync(1);
        _heads.Held.Should().Be(Block);
        await sender.SendAsync(2 * Block);
        _heads.Held.Should().Be(3 * Block);
        sender.BeginRequest();
        _heads.Held.Should().Be(0);

        sender = new Sender(_connections, One);
        await sender.SendAsync(100, isTaken: true);
        await sender.SendAsync(200, isTaken: true);
        _heads.Held.Should().Be(4 * 300, "it is text now");
        sender.Leave();
        _heads.Held.Should().Be(0);
    }

    [Test]
    public async Task Head_AfterABodyThatNobodyWanted_IsNotTheBody()
    {
        var sender = new Sender(_connections, One);
        await sender.SendRequestAsync(bodySize: 1100, read: 100);
        await sender.SendAsync(900, isTaken: true);
        _heads.Held.Should().Be(0);

        await sender.SendAsync(110, isTaken: true);
        _heads.Held.Should().Be(4 * 10, "the next head has begun");
    }

    [Test]
    public async Task Head_AfterABodyOfUnknownSizeThatNobodyWanted_IsNotTheBody()
    {
        var sender = new Sender(_connections, One);
        await sender.SendAsync(100 * 1024, isTaken: true);
        _heads.Held.Should().Be(0);
    }

    [Test]
    public async Task Connections_WhoseBodiesNobodyWanted_HoldNothing()
    {
        await using var server = await TestServer.StartAsync(new Dictionary<string, string> { ["Http:HeadBudget"] = "1 MiB" });
        var open = new List<RawConnection>();
        try
        {
            var body = new string('x', 50_000);
            for (var i = 0; i < 50; i++)
            {
                open.Add(await RawConnection.SendAsync(
                    server.Listener, $"POST /nothing HTTP/1.1\r\nHost: localhost\r\nContent-Length: {body.Length}\r\n\r\n{body}"));
            }

            foreach (var connection in open) (await connection.ReadAsync(12)).Should().Be("HTTP/1.1 404");
            foreach (var connection in open)
            {
                await connection.SendAsync("GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
                (await connection.ReadToEndAsync()).Should().Contain("HTTP/1.1 200");
            }
        }
        finally
        {
            foreach (var connection in open) connection.Dispose();
        }
    }

    [Test]
    public async Task Heads_MoreThanTheyMayTake_CostWhoHasMost()
    {
        var victim = new Sender(_connections, Two);
        await victim.SendAsync(1);
        var greedy = new List<Sender>();
        for (var i = 0; i < 50; i++)
        {
            var sender = new Sender(_connections, i % 2 == 0 ? One : Three);
            greedy.Add(sender);
            await sender.SendAsync(1);
        }

        _heads.Held.Should().Be(10 * Block);
        victim.IsAborted.Should().BeFalse();
        greedy.Count(static sender => sender.IsAborted).Should().Be(41);
        _log.Lines.Should().ContainSingle().Which.Text.Should().Contain("Teal:Http:HeadBudget");

        foreach (var sender in greedy) sender.Leave();
        victim.BeginRequest();
        _heads.Held.Should().Be(0);
    }

    [Test]
    public async Task Heads_ByOneThatSendsMore_CostItself()
    {
        var others = new List<Sender>();
        foreach (var address in new[] { Two, Three }) others.Add(new Sender(_connections, address));
        foreach (var sender in others) await sender.SendAsync(1);
        var greedy = new Sender(_connections, One);

        await greedy.SendAsync(8 * Block);
        greedy.IsAborted.Should().BeFalse();
        await greedy.SendAsync(Block);

        greedy.IsAborted.Should().BeTrue();
        others.Should().AllSatisfy(static sender => sender.IsAborted.Should().BeFalse());
        _heads.Held.Should().Be(2 * Block);
    }

    [TestCaseSource(nameof(Unfinished))]
    public async Task Heads_OfManyConnections_LeaveOthersTheirAnswers(string head, int left)
    {
        await using var server = await TestServer.StartAsync(new Dictionary<string, string> { ["Http:HeadBudget"] = "1 MiB" });
        var open = new List<RawConnection>();
        try
        {
            for (var i = 0; i < 200; i++) open.Add(await RawConnection.SendAsync(server.Listener, head));
            var ended = open.Select(static connection => connection.ReadToEndAsync()).ToArray();

            await Eventually.HoldsAsync(
                () => ended.Count(static reading => reading.IsCompleted) >= 200 - left, "so many are closed that the others have room");
            (await RawHttp.SendAsync(server.Listener, "GET", "/health/live", [])).Status.Should().Be(200);
            ended.Count(static reading => reading.IsCompleted).Should().Be(200 - left);
        }
        finally
        {
            foreach (var connection in open) connection.Dispose();
        }
    }

    [TestCase("192.0.2.1", false)]
    [TestCase("127.0.0.1", true)]
    public async Task Preface_OfHttp2_CountsFromProxiesAndThisMachineOnly(string address, bool isTaken)
    {
        var sender = new Sender(_connections, address);

        (await sender.SpeakHttp2Async()).Should().Be(isTaken);
    }

    private sealed class Sender : DefaultConnectionContext
    {
        private readonly Pipe _pipe = new(new PipeOptions(pauseWriterThreshold: 0));
        private readonly FairTransport _transport;
        private readonly EndpointConnection _connection;
        private ValueTask<ReadResult>? _reading;

        public Sender(EndpointConnections connections, string address)
        {
            RemoteEndPoint = new IPEndPoint(IPAddress.Parse(address), 1);
            _transport = new FairTransport(new Transport(_pipe.Reader, _pipe.Writer));
            _connection = connections.TryEnter(this, _transport)!;
            _transport.Tell(_connection);
        }

        public bool IsAborted { get; private set; }

        // The web server looks at all of it, takes it or leaves it, and waits for more.
        public async Task SendAsync(int size, bool isTaken = false)
        {
            await _pipe.Writer.WriteAsync(Encoding.ASCII.GetBytes(new string('x', size)));
            var buffer = (await (_reading ?? _transport.Input.ReadAsync())).Buffer;
            _transport.Input.AdvanceTo(isTaken ? buffer.End : buffer.Start, buffer.End);
            _reading = _transport.Input.ReadAsync();
        }

        public async Task<bool> SpeakHttp2Async()
        {
            await _pipe.Writer.WriteAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray());
            var result = await _transport.Input.ReadAsync();
            result.IsCompleted.Should().Be(_transport.IsHttp2);
            return _transport.IsHttp2;
        }

        public void BeginRequest()
        {
            if (_connection.TryBegin(out _)) _connection.End(null);
        }

        public async Task SendRequestAsync(int bodySize, int read)
        {
            _connection.TryBegin(out _);
            await SendAsync(read, isTaken: true);
            _connection.End(bodySize);
        }

        public void Leave() => _transport.End();

        public override void Abort() => IsAborted = true;
    }

    private sealed record Transport(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
