using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;
using Teal.Host.Configuration;
using Teal.Host.Serving;
using Teal.Tests.Support;

namespace Teal.Tests.Host;

/// <summary>Who holds connections without using them keeps nobody out.</summary>
public sealed class EndpointConnectionsTests
{
    private const string One = "192.0.2.1", Two = "192.0.2.2", Three = "192.0.2.3";

    private ManualTimeProvider _clock = null!;
    private LogRecorder _log = null!;
    private TealOptions _options = null!;

    [SetUp]
    public void Make()
    {
        (_clock, _log, _options) = (new ManualTimeProvider(), new LogRecorder(), new TealOptions());
        (_options.Http.MaximumConnections, _options.Http.MaximumConnectionsPerAddress) = (6, 3);
        _options.Modules = Module.All;
        _options.TrustedProxies = [IPNetwork.Parse("198.51.100.0/24")];
        _options.Http.HeaderTimeout = TimeSpan.FromSeconds(10);
    }

    [TearDown]
    public void End() => _log.Dispose();

    [Test]
    public void TryEnter_OverAClientsShare_DropsItsLongestIdleAndNobodyElses()
    {
        var connections = Connections();
        var other = Enter(connections, Two);
        var own = Enter(connections, One, One, One);
        own[0].Use(_clock);

        Enter(connections, One).Should().ContainSingle().Which.IsIn.Should().BeTrue();

        own.Select(static visitor => visitor.IsAborted).Should().Equal(false, true, false);
        other[0].IsAborted.Should().BeFalse();
        _log.Lines.Should().ContainSingle().Which.Text.Should().ContainAll("MaximumConnectionsPerAddress", "3", "192.0.2.1");
    }

    [Test]
    public void TryEnter_FromAddressesOfOneIPv6Network_SharesOneShare()
    {
        var connections = Connections();
        var own = Enter(connections, "2001:db8::1", "2001:db8::2", "2001:db8::3", "2001:db8::4");

        own.Select(static visitor => visitor.IsAborted).Should().Equal(true, false, false, false);
    }

    [Test]
    public void TryEnter_WhenAllPlacesAreTaken_DropsTheLongestIdleOfWhoHasMost()
    {
        var connections = Connections();
        var first = Enter(connections, Three);
        var most = Enter(connections, One, One, One);
        Enter(connections, Two, Two);

        Enter(connections, "192.0.2.4")[0].IsIn.Should().BeTrue();

        most.Select(static visitor => visitor.IsAborted).Should().Equal(true, false, false);
        first[0].IsAborted.Should().BeFalse();
    }

    [Test]
    public void TryEnter_WhereAllRequestsAreUnderWay_DropsNoneAndClosesTheNewOne()
    {
        var connections = Connections();
        var busy = Enter(connections, One, One, Two, Two, Three, Three);
        foreach (var visitor in busy) visitor.Connection!.TryBegin(out _).Should().BeTrue();

        Enter(connections, "192.0.2.4")[0].IsIn.Should().BeFalse();
        busy.Should().AllSatisfy(static visitor => visitor.IsAborted.Should().BeFalse());

        busy[3].Connection!.End(null);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Enter(connections, "192.0.2.4")[0].IsIn.Should().BeTrue();
        busy.Select(static visitor => visitor.IsAborted).Should().Equal(false, false, false, true, false, false);
    }

    [Test]
    public void TryEnter_WhileOthersHaveComeThisMoment_DropsNone()
    {
        var connections = Connections();
        for (var i = 0; i < 6; i++) Visit(connections, $"192.0.2.{i}");

        Visit(connections, "192.0.2.9").IsIn.Should().BeFalse("as each has a moment for its first bytes");
        _clock.Advance(TimeSpan.FromMilliseconds(25));
        Visit(connections, "192.0.2.9").IsIn.Should().BeTrue();
    }

    [Test]
    public void TryEnter_WhileOneClientComesManyTimesAtOnce_DropsItsOwnOnly()
    {
        var connections = Connections();
        var earlier = Enter(connections, Two);
        var storm = Enumerable.Range(0, 3).SelectMany(_ => new[] { Visit(connections, One), Visit(connections, Three) }).ToArray();

        Visit(connections, "192.0.2.9").IsIn.Should().BeTrue("as others have more");

        earlier[0].IsAborted.Should().BeFalse("as nobody goes for who has more");
        storm.Count(static visitor => visitor.IsIn && !visitor.IsAborted).Should().Be(4);
    }

    [Test]
    public async Task TryEnter_WhileAnswersMayBeOnTheirWay_DropsNone()
    {
        var connections = Connections();
        foreach (var visitor in Enumerable.Range(0, 6).Select(i => Visit(connections, $"192.0.2.{i}")).ToArray()) await visitor.SendAsync();

        _clock.Advance(TimeSpan.FromMilliseconds(99));
        Visit(connections, "192.0.2.9").IsIn.Should().BeFalse();
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Visit(connections, "192.0.2.9").IsIn.Should().BeTrue();
    }

    [Test]
    public void TryEnter_FromProxiesAndThisMachine_HasNoShareAndIsDroppedLast()
    {
        var connections = Connections();
        var proxied = Enter(connections, "198.51.100.1", "127.0.0.1", "::1", "::ffff:127.0.0.2");
        proxied.Should().AllSatisfy(static visitor => visitor.IsIn.Should().BeTrue());
        var strangers = Enter(connections, One, Two);

        Enter(connections, "198.51.100.1");

        strangers.Select(static visitor => visitor.IsAborted).Should().Equal(true, false);
        proxied.Should().AllSatisfy(static visitor => visitor.IsAborted.Should().BeFalse());
    }

    [Test]
    public void TryEnter_WithWebsockets_CountsThemAmongTheOpenFilesAndDropsNone()
    {
        var connections = Connections(places: 4);
        var sockets = Enter(connections, One, One);
        foreach (var visitor in sockets)
        {
            visitor.Connection!.TryBegin(out _);
            visitor.Connection.ReleaseConnection();
            visitor.Connection.End(null);
        }

        var idle = Enter(connections, One, Two);
        Enter(connections, Three)[0].IsIn.Should().BeTrue();

        sockets.Should().AllSatisfy(static visitor => visitor.IsAborted.Should().BeFalse());
        idle.Select(static visitor => visitor.IsAborted).Should().Equal(true, false);
        _log.Lines.Should().Contain(static line => line.Text.Contains("limit of open files"));
        foreach (var visitor in sockets) visitor.Connection!.Leave();
        Enter(connections, Two, "192.0.2.4").Should().AllSatisfy(static visitor => visitor.IsIn.Should().BeTrue());
        idle[1].IsAborted.Should().BeFalse();
    }

    [Test]
    public void TryEnter_AtTheListenerAsOftenAsItGoes_KeepsPlacesForTheDispatcher()
    {
        (_options.Http.MaximumConnections, _options.Http.MaximumConnectionsPerAddress) = (1000, 1000);
        var budget = new ConnectionBudget(_options, 16);
        var (listener, dispatcher) = (Connections(budget, Module.Listener), Connections(budget, Module.Dispatcher));
        var strangers = Enter(listener, [.. Enumerable.Repeat("127.0.0.1", 50)]);
        foreach (var visitor in strangers) visitor.Connection!.TryBegin(out _);

        var clients = Enter(dispatcher, [.. Enumerable.Repeat("127.0.0.1", 8)]);
        foreach (var visitor in clients)
        {
            visitor.Connection!.TryBegin(out _).Should().BeTrue();
            visitor.Connection.ReleaseConnection();
        }

        clients.Should().AllSatisfy(static visitor => visitor.IsAborted.Should().BeFalse());
        Visit(dispatcher, "127.0.0.1").IsIn.Should().BeFalse("as all places of the process are taken");
        strangers.Count(static visitor => !visitor.IsAborted).Should().Be(8);
        foreach (var visitor in strangers) visitor.Connection!.Leave();
        Enter(dispatcher, [.. Enumerable.Repeat("127.0.0.1", 8)]).Count(static visitor => visitor.IsAborted)
            .Should().Be(2, "as two places are the listener's");
        Visit(listener, "127.0.0.1").IsIn.Should().BeTrue();
    }

    [Test]
    public void TryEnter_ThousandsOfTimes_HoldsTheBoundsAndLogsAFewLines()
    {
        (_options.Http.MaximumConnections, _options.Http.MaximumConnectionsPerAddress) = (500, 50);
        var connections = Connections();
        var random = new Random(1);
        var inside = new List<Visitor>();
        for (var i = 0; i < 20_000; i++)
        {
            var visitor = Visit(connections, $"192.0.2.{random.Next(40)}");
            if (visitor.IsIn) inside.Add(visitor);
            if (random.Next(3) == 0 && inside.Count > 0)
            {
                var leaving = inside[random.Next(inside.Count)];
                inside.Remove(leaving);
                leaving.Connection!.Leave();
            }

            inside.RemoveAll(static visitor => visitor.IsAborted);
            _clock.Advance(TimeSpan.FromMilliseconds(random.Next(3)));
            inside.Count.Should().BeLessThanOrEqualTo(500);
        }

        inside.GroupBy(static visitor => visitor.Address).Should().AllSatisfy(static own => own.Count().Should().BeLessThanOrEqualTo(50));
        _log.Lines.Count.Should().BeLessThan(10);
    }

    [Test]
    public void Begin_OfADroppedConnection_IsRefused()
    {
        var connections = Connections();
        var own = Enter(connections, One, One, One, One);

        own[0].Connection!.TryBegin(out _).Should().BeFalse();
    }

    [Test]
    public async Task Beat_BeforeTheFirstByte_EndsTheConnectionWhenItsTimeIsOver()
    {
        var connections = Connections();
        var (silent, speaking) = (Visit(connections, One), Visit(connections, One));
        await speaking.SendAsync();
        _clock.Advance(TimeSpan.FromSeconds(9));
        silent.Connection!.Beat();
        silent.IsAborted.Should().BeFalse();

        _clock.Advance(TimeSpan.FromSeconds(1));
        silent.Connection.Beat();
        speaking.Connection!.Beat();

        silent.IsAborted.Should().BeTrue();
        speaking.IsAborted.Should().BeFalse();
    }

    private EndpointConnections Connections(int places = int.MaxValue) =>
        Connections(new ConnectionBudget(_options, places), Module.Listener, Module.Dispatcher);

    private EndpointConnections Connections(ConnectionBudget budget, params Module[] modules)
    {
        var endpoint = new ModuleEndpoint(new BindAddress("localhost", 0), modules);
        return new EndpointConnections(
            endpoint, budget, new HeadBudget(_options, _clock, new LoggerFactory([_log]).CreateLogger<HeadBudget>()), _options, _clock,
            new Logger<EndpointConnections>(new LoggerFactory([_log])));
    }

    // One after the other, each idle for a second.
    private Visitor[] Enter(EndpointConnections connections, params string[] addresses) =>
    [
        .. addresses.Select(address =>
        {
            var visitor = Visit(connections, address);
            _clock.Advance(TimeSpan.FromSeconds(1));
            return visitor;
        }),
    ];

    private static Visitor Visit(EndpointConnections connections, string address) => new(connections, address);

    private sealed class Visitor : DefaultConnectionContext
    {
        private readonly Pipe _pipe = new();
        private readonly FairTransport _transport;

        public Visitor(EndpointConnections connections, string address)
        {
            Address = address;
            RemoteEndPoint = new IPEndPoint(IPAddress.Parse(address), 1);
            _transport = new FairTransport(new Transport(_pipe.Reader, _pipe.Writer));
            Connection = connections.TryEnter(this, _transport);
        }

        public string Address { get; }

        public EndpointConnection? Connection { get; }

        public bool IsIn => Connection is not null;

        public bool IsAborted { get; private set; }

        public void Use(ManualTimeProvider clock)
        {
            Connection!.TryBegin(out _).Should().BeTrue();
            Connection.End(null);
            clock.Advance(TimeSpan.FromSeconds(1));
        }

        public async Task SendAsync()
        {
            await _pipe.Writer.WriteAsync(new byte[] { 1 });
            _transport.Input.AdvanceTo((await _transport.Input.ReadAsync()).Buffer.End);
        }

        public override void Abort() => IsAborted = true;
    }

    private sealed record Transport(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
