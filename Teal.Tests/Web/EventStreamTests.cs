using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Teal.Core.Events;
using Teal.Core.Identities;
using Teal.Tests.Support;
using Teal.Web.Answers;
using Teal.Web.Sessions;
using Teal.Web.Streams;

namespace Teal.Tests.Web;

/// <summary>Event streams at an address that only the tests have, over real HTTP.</summary>
public sealed class EventStreamTests
{
    private const string Http1 = "1.1", Http2 = "2.0";

    private readonly ManualTimeProvider _clock = new();
    private ChantProtocol _protocol = null!;
    private TestServer _server = null!;

    private ChannelTable Channels => _server.Services.GetRequiredService<ChannelTable>();

    [SetUp]
    public Task Start() => StartAsync([]);

    [TearDown]
    public ValueTask Stop()
    {
        _protocol.LetGo.TrySetResult();
        return _server.DisposeAsync();
    }

    [TestCase(Http1)]
    [TestCase(Http2)]
    public async Task Stream_OfAClientThatIsLetIn_BeginsAtOnceAndBringsItsMessages(string version)
    {
        using var client = await OpenAsync(version);

        client.Answer.Version.ToString().Should().Be(version);
        client.Answer.Content.Headers.ContentType!.ToString().Should().Be("text/event-stream");
        client.Answer.Headers.CacheControl!.ToString().Should().Be("no-store");
        client.Answer.Headers.GetValues("X-Accel-Buffering").Should().Equal("no");
        client.Answer.Headers.GetValues("X-Request-ID").Should().ContainSingle();
        client.Answer.Content.Headers.ContentLength.Should().BeNull();
        var session = _protocol.Sessions.Single();
        session.Identity.Account.Should().Be(Identity.AnonymousName);
        session.Channel.Send("{\"a\":1}"u8);
        session.Channel.Send("two\nlines"u8);
        session.Channel.Send([0, 255], isText: false);

        (await client.ReceiveAsync()).Should().Be(new StreamEvent("{\"a\":1}"));
        (await client.ReceiveAsync()).Should().Be(new StreamEvent("two\nlines"));
        (await client.ReceiveAsync()).Should().Be(new StreamEvent("AP8=", "binary"));
    }

    [TestCase(Http1)]
    [TestCase(Http2)]
    public async Task Stream_OfManyMessages_BringsThemInOrder(string version)
    {
        const int Messages = 200;
        using var client = await OpenAsync(version);
        var channel = _protocol.Sessions.Single().Channel;
        var filling = new string('x', 3000);
        for (var i = 0; i < Messages; i++) channel.Send(Encoding.ASCII.GetBytes($"{i}-{filling}"));

        for (var i = 0; i < Messages; i++) (await client.ReceiveAsync())!.Data.Should().Be($"{i}-{filling}");
    }

    [Test]
    public async Task Request_ThatAsksForSomething_IsToldToTheSession()
    {
        using var client = await OpenAsync(query: "?say=a&say=b");

        (await client.ReceiveAsync())!.Data.Should().Be("said a");
        (await client.ReceiveAsync())!.Data.Should().Be("said b");
    }

    [Test]
    public async Task Session_ThatFails_EndsTheStream()
    {
        using var client = await OpenAsync(query: "?say=fail");

        (await client.ReceiveAsync()).Should().BeNull();
        await AllIsGivenBackAsync();
        _server.Log.Lines.Should().Contain(static line => line.Id.Id == 8032);
    }

    [TestCase("GET")]
    [TestCase("HEAD")]
    public async Task Request_ThatAsksForWhatThereIsNot_IsAnsweredByItsReader(string method)
    {
        using var http = new HttpClient();
        using var request = EventStreamClient.Request(_server, "?nonsense", method: new HttpMethod(method));

        using var answer = await http.SendAsync(request).WithinLimit();

        answer.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        answer.Content.Headers.ContentType!.MediaType.Should().Be("text/plain");
        await AllIsGivenBackAsync(sessions: 0);
    }

    [TestCase(null)]
    [TestCase("wrong")]
    public async Task Client_WithoutTheRightPassword_IsRefused(string? password)
    {
        using var http = new HttpClient();
        using var request = EventStreamClient.Request(_server, password: password);

        // An answer to a wrong one takes its time.
        var sending = http.SendAsync(request);
        await Eventually.HoldsAsync(
            () =>
            {
                _clock.Advance(TimeSpan.FromSeconds(1));
                return sending.IsCompleted;
            },
            "the answer");

        using var answer = await sending;
        answer.StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        answer.Headers.WwwAuthenticate.Should().ContainSingle();
        await AllIsGivenBackAsync(sessions: 0);
    }

    [TestCase(Http1)]
    [TestCase(Http2)]
    public async Task Head_OfAStream_HasItsHeadersAndOpensNone(string version)
    {
        using var http = new HttpClient();
        for (var i = 0; i < 2; i++)
        {
            using var request = EventStreamClient.Request(_server, version: Version.Parse(version), method: HttpMethod.Head);
            using var answer = await http.SendAsync(request).WithinLimit();

            answer.StatusCode.Should().Be(HttpStatusCode.OK);
            answer.Content.Headers.ContentType!.ToString().Should().Be("text/event-stream");
            answer.Headers.CacheControl!.ToString().Should().Be("no-store");
            answer.Headers.GetValues("X-Accel-Buffering").Should().Equal("no");
        }

        await AllIsGivenBackAsync(sessions: 0);
    }

    [Test]
    public async Task Post_ToAStream_IsNotAllowed()
    {
        var answer = await RawHttp.SendAsync(_server.Dispatcher, "POST", EventStreamMapping.Path, [Authorization], "x"u8.ToArray());

        answer.Status.Should().Be(405);
        answer["Allow"].Should().Be("GET, HEAD");
    }

    [TestCase("Content-Length: 5")]
    [TestCase("Transfer-Encoding: chunked")]
    public async Task Request_WithABodyThatDoesNotCome_IsRefused(string header)
    {
        var answer = await RawHttp.ReadHeadAsync(_server.Dispatcher, Encoding.ASCII.GetBytes(Head[..^2] + $"{header}\r\n\r\n"));

        answer.Status.Should().Be(400);
        await AllIsGivenBackAsync(sessions: 0);
    }

    [Test]
    public async Task Stream_WithoutMessages_HasACommentEachPingInterval()
    {
        using var client = await OpenAsync();
        _clock.Advance(TimeSpan.FromSeconds(19));
        _protocol.Sessions.Single().Channel.Send("a"u8);
        (await client.ReceiveAsync())!.Data.Should().Be("a");
        _clock.Advance(TimeSpan.FromSeconds(19));
        _protocol.Sessions.Single().Channel.Send("b"u8);
        (await client.ReadLineAsync()).Should().Be("data: b");
        (await client.ReadLineAsync()).Should().BeEmpty();

        for (var i = 0; i < 3; i++)
        {
            var sent = _clock.GetTimestamp();
            (await AdvanceUntilAsync(client.ReadLineAsync())).Should().Be(":");
            _clock.GetElapsedTime(sent).Should().BeGreaterThanOrEqualTo(TimeSpan.FromSeconds(18));
        }
    }

    [Test]
    public async Task Client_ThatTakesNothing_IsGivenUpAfterThePongTimeout()
    {
        using var slow = await OpenSlowAsync();
        using var other = await OpenAsync();
        var session = _protocol.Sessions.First();
        session.Channel.Send(new byte[1000 * 1024]);
        var budget = _server.Services.GetRequiredService<SendBudget>();
        await Eventually.HoldsAsync(() => budget.Held > 0, "it waits");
        var sent = _clock.GetTimestamp();

        await AdvanceUntilAsync(() => Channels.Count == 1, "the end of the slow one");

        _clock.GetElapsedTime(sent).Should().BeGreaterThanOrEqualTo(TimeSpan.FromSeconds(20));
        session.HasEnded.Should().BeTrue();
        budget.Held.Should().Be(0);
        _server.Log.Lines.Should().ContainSingle(static line => line.Id.Id == 8013);
        _protocol.Sessions.Last().Channel.Send("still here"u8);
        (await other.ReceiveAsync())!.Data.Should().Be("still here");
    }

    [Test]
    public async Task ClientOfHttp2_ThatTakesNothing_LosesItsStreamAndNotTheConnection()
    {
        var connections = 0;
        using var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (context, cancellationToken) =>
            {
                connections++;
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        using var http = new HttpClient(handler);
        using var slow = await OpenHttp2Async(http);
        using var other = await OpenHttp2Async(http);
        _protocol.Sessions.First().Channel.Send(new byte[1000 * 1024]);

        await AdvanceUntilAsync(() => Channels.Count == 1, "the end of the slow one");

        await FluentActions.Awaiting(() => slow.ReadToEndAsync().WithinLimit()).Should().ThrowAsync<IOException>();
        _protocol.Sessions.Last().Channel.Send("still here"u8);
        string? line;
        do line = await other.ReadLineAsync().WithinLimit();
        while (line == ":");
        line.Should().Be("data: still here");
        using var next = await OpenHttp2Async(http);
        connections.Should().Be(1);
    }

    // What Linux has taken for it has been sent, as far as this process knows. Linux has a clock of its own.
    [Test]
    [Platform("Linux")]
    public async Task Client_ThatTakesNothingFromLinux_IsGivenUpByLinux()
    {
        await RestartAsync(new() { ["Dispatcher:PingInterval"] = "1 s", ["Dispatcher:PongTimeout"] = "1 s" });
        using var slow = await OpenSlowAsync();

        _protocol.Sessions.Single().Channel.Send(new byte[40 * 1024]);

        await AllIsGivenBackAsync();
        _server.Log.Lines.Should().Contain(static line => line.Id.Id == 8031).And.NotContain(static line => line.Id.Id == 8013);
    }

    // Of HTTP/2 the web server would end the whole connection, with the streams of all others on it.
    [TestCase(Http1, 240)]
    [TestCase(Http2, null)]
    public async Task Answer_ThatIsReadSlowly_IsBoundedWithHttp1Only(string version, double? bytesPerSecond)
    {
        using var client = await OpenAsync(version);

        _protocol.RateBefore.Should().Be(bytesPerSecond);
        _server.Services.GetRequiredService<IOptions<KestrelServerOptions>>().Value.Limits.MinResponseDataRate.Should().BeNull();
    }

    [Test]
    public async Task Client_ForWhomThereIsNoRoom_IsClosed()
    {
        await RestartAsync(new() { ["Dispatcher:SendQueueSize"] = "100 KiB" });
        using var slow = await OpenSlowAsync();
        var channel = _protocol.Sessions.Single().Channel;

        for (var i = 0; i < 50 && !channel.IsClosing; i++) channel.Send(new byte[50 * 1024]);

        channel.IsClosing.Should().BeTrue();
        await AdvanceUntilAsync(() => Channels.Count == 0, "its end");
        await AllIsGivenBackAsync();
    }

    [Test]
    public async Task Client_ThatSendsOn_IsNotReadAndHurtsNobody()
    {
        using var hostile = await RawConnection.SendAsync(_server.Dispatcher, Head);
        await ReadHeadAsync(hostile);
        var more = string.Concat(Enumerable.Repeat(Head, 50));
        await hostile.SendAsync(more);
        await hostile.SendAsync("\0\r\n\r\nnonsense\r\n\r\n");
        using var other = await OpenAsync();

        _protocol.Sessions.Should().HaveCount(2);
        foreach (var session in _protocol.Sessions) session.Channel.Send("a"u8);

        (await other.ReceiveAsync())!.Data.Should().Be("a");
        (await hostile.ReadAsync("9\r\ndata: a\n\n\r\n".Length)).Should().Be("9\r\ndata: a\n\n\r\n");
    }

    [TestCase(Http1)]
    [TestCase(Http2)]
    public async Task Client_ThatGoes_IsMissedAtOnce(string version)
    {
        var client = await OpenAsync(version);
        Channels.Count.Should().Be(1);

        client.Dispose();

        await AllIsGivenBackAsync();
        _server.Log.Lines.Should().Contain(static line => line.Id.Id == 8031);
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Connection_ThatIsLost_IsMissedAtOnce(bool isReset)
    {
        using var client = await RawConnection.SendAsync(_server.Dispatcher, Head);
        await ReadHeadAsync(client);

        if (isReset) client.Reset();
        else client.EndSending();

        await AllIsGivenBackAsync();
    }

    [TestCase(Http1)]
    [TestCase(Http2)]
    public async Task Server_ThatStops_TellsEachSessionAndEndsTheStreamBehindWhatItSends(string version)
    {
        using var client = await OpenAsync(version);
        var stopping = _server.StopAsync();

        (await client.ReceiveAsync())!.Data.Should().Be("draining");
        _protocol.LetGo.SetResult();
        (await client.ReceiveAsync())!.Data.Should().Be("the last one");
        (await client.ReceiveAsync()).Should().BeNull();
        await stopping.WithinLimit();
        _protocol.Sessions.Single().HasEnded.Should().BeTrue();
    }

    [Test]
    public async Task Server_ThatStops_EndsTheBodyInOrder()
    {
        _protocol.LetGo.SetResult();
        using var client = await RawConnection.SendAsync(_server.Dispatcher, Head);
        await ReadHeadAsync(client);
        var stopping = _server.StopAsync();

        (await client.ReadToEndAsync()).Should().EndWith("data: the last one\n\n\r\n0\r\n\r\n");
        await stopping.WithinLimit();
    }

    [Test]
    public async Task Client_OfHttp10_GetsABodyUntilTheConnectionEnds()
    {
        _protocol.LetGo.SetResult();
        using var client = await RawConnection.SendAsync(_server.Dispatcher, Head.Replace("HTTP/1.1", "HTTP/1.0"));
        (await ReadUntilAsync(client, "\r\n\r\n:\n")).Should().NotContain("chunked");
        var stopping = _server.StopAsync();

        (await client.ReadToEndAsync()).Should().Be("data: draining\n\ndata: the last one\n\n");
        await stopping.WithinLimit();
        await AllIsGivenBackAsync();
    }

    [Test]
    public async Task Server_ThatStopsWithAClientThatReadsNothing_TellsTheOthersAtOnce()
    {
        _protocol.LetGo.SetResult();
        using var slow = await OpenSlowAsync();
        using var other = await OpenAsync();
        _protocol.Sessions.First().Channel.Send(new byte[1000 * 1024]);

        var stopping = _server.StopAsync();

        (await other.ReceiveAsync())!.Data.Should().Be("draining");
        (await other.ReceiveAsync())!.Data.Should().Be("the last one");
        (await other.ReceiveAsync()).Should().BeNull();
        await AdvanceUntilAsync(() => stopping.IsCompleted, "the stop");
        await stopping;
    }

    [Test]
    public async Task Streams_MoreThanThereMayBe_AreRefused()
    {
        await RestartAsync(new() { ["Dispatcher:MaximumConnections"] = "1" });
        using var first = await OpenAsync();
        using var http = new HttpClient();
        using var request = EventStreamClient.Request(_server);

        using var answer = await http.SendAsync(request).WithinLimit();

        answer.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        answer.Headers.RetryAfter.Should().NotBeNull();
        await Eventually.HoldsAsync(() => Channels.Count == 1, "one place");
    }

    [Test]
    public async Task Streams_AsWebsockets_LeaveTheConnectionsForHttpToOthers()
    {
        await RestartAsync(new() { ["Http:MaximumConnections"] = "2" });
        var streams = new List<EventStreamClient>();
        for (var i = 0; i < 4; i++) streams.Add(await OpenAsync());

        (await RawHttp.SendAsync(_server.Dispatcher, "GET", "/health/live", [])).Status.Should().Be(200);
        foreach (var session in _protocol.Sessions) session.Channel.Send("a"u8);
        foreach (var stream in streams) (await stream.ReceiveAsync())!.Data.Should().Be("a");
        foreach (var stream in streams) stream.Dispose();
    }

    [Test]
    public async Task Connection_OfManyStreams_IsUsedAgainByTheNextOnes()
    {
        using var http = new HttpClient();
        for (var i = 0; i < 20; i++)
        {
            using var reader = await OpenHttp2Async(http, $"?say={i}");
            (await reader.ReadLineAsync().WithinLimit()).Should().Be($"data: said {i}");
            if (i % 2 == 0) _ = _protocol.Sessions.Last().Channel.CloseAsync(CloseReason.GoingAway);
        }

        await Eventually.HoldsAsync(() => Channels.Count == 0, "no place is taken");

        // What comes too late goes to nobody else.
        foreach (var session in _protocol.Sessions) session.Channel.Send("late"u8);
        using var last = await OpenHttp2Async(http, "?say=last");
        (await last.ReadLineAsync().WithinLimit()).Should().Be("data: said last");
    }

    private static string Authorization =>
        "Authorization: Basic " + Convert.ToBase64String(Encoding.ASCII.GetBytes($"anonymous:{TestServer.Password}"));

    private static string Head => $"GET {EventStreamMapping.Path} HTTP/1.1\r\nHost: localhost\r\n{Authorization}\r\n\r\n";

    // Past its first comment.
    private async Task<StreamReader> OpenHttp2Async(HttpClient http, string query = "")
    {
        using var request = EventStreamClient.Request(_server, query, version: HttpVersion.Version20);
        var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).WithinLimit();
        var reader = new StreamReader(await answer.Content.ReadAsStreamAsync().WithinLimit());
        (await reader.ReadLineAsync().WithinLimit()).Should().Be(":");
        return reader;
    }

    private static async Task ReadHeadAsync(RawConnection client) =>
        (await ReadUntilAsync(client, "\r\n\r\n2\r\n:\n\r\n")).Should().StartWith("HTTP/1.1 200")
            .And.Contain("\r\nTransfer-Encoding: chunked\r\n").And.Contain("\r\nConnection: close\r\n");

    private static async Task<string> ReadUntilAsync(RawConnection client, string end)
    {
        var text = "";
        while (!text.EndsWith(end, StringComparison.Ordinal)) text += await client.ReadAsync(1);
        return text;
    }

    // Takes some kilobytes, and no more.
    private async Task<TcpClient> OpenSlowAsync()
    {
        var known = _protocol.Sessions.Count;
        var client = new TcpClient { ReceiveBufferSize = 4096 };
        await client.ConnectAsync(_server.Dispatcher.Host, _server.Dispatcher.Port).WithinLimit();
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(Head)).AsTask().WithinLimit();
        await Eventually.HoldsAsync(() => _protocol.Sessions.Count > known, "its session");
        return client;
    }

    private Task<EventStreamClient> OpenAsync(string version = Http1, string query = "") =>
        EventStreamClient.OpenAsync(_server, query, Version.Parse(version));

    private async Task<T> AdvanceUntilAsync<T>(Task<T> task)
    {
        await AdvanceUntilAsync(() => task.IsCompleted, "it");
        return await task;
    }

    private Task AdvanceUntilAsync(Func<bool> condition, string name) => Eventually.HoldsAsync(
        () =>
        {
            if (condition()) return true;

            _clock.Advance(TimeSpan.FromMilliseconds(500));
            return condition();
        },
        name);

    private async Task AllIsGivenBackAsync(int sessions = 1)
    {
        await Eventually.HoldsAsync(() => Channels.Count == 0, "no place is taken");
        _protocol.Sessions.Should().HaveCount(sessions).And.NotContain(static session => !session.HasEnded);
    }

    private async Task RestartAsync(Dictionary<string, string> settings)
    {
        await Stop();
        await StartAsync(settings);
    }

    private async Task StartAsync(Dictionary<string, string> settings)
    {
        _protocol = new ChantProtocol();
        _server = await TestServer.StartAsync(
            settings, _clock, services => services.AddSingleton<IStartupFilter>(new EventStreamMapping(_protocol.ReadAsync)));
    }

    /// <summary>Says what its client asks for, and whatever a test has it say.</summary>
    private sealed class ChantProtocol
    {
        private readonly ConcurrentQueue<ChantSession> _sessions = [];

        public IReadOnlyCollection<ChantSession> Sessions => _sessions;

        public TaskCompletionSource LetGo { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>How fast an answer that is no stream has to be read, in bytes per second; null: no matter.</summary>
        public double? RateBefore { get; private set; }

        public async ValueTask<EventStreamRequest?> ReadAsync(HttpContext context, Identity identity)
        {
            RateBefore = context.Features.Get<IHttpMinResponseDataRateFeature>()?.MinDataRate?.BytesPerSecond;
            if (context.Request.Query.ContainsKey("nonsense"))
            {
                await Answer.LineAsync(context, StatusCodes.Status400BadRequest, "nonsense");
                return null;
            }

            var messages = context.Request.Query["say"].Select(static text => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(text!));
            return new EventStreamRequest(Open, [.. messages]);
        }

        private ChantSession Open(IClientChannel channel, Identity identity)
        {
            var session = new ChantSession(this, channel, identity);
            _sessions.Enqueue(session);
            return session;
        }
    }

    private sealed class ChantSession(ChantProtocol protocol, IClientChannel channel, Identity identity) : IClientSession
    {
        public IClientChannel Channel => channel;

        public Identity Identity { get; private set; } = identity;

        public bool HasEnded { get; private set; }

        public bool TakesBinary => false;

        public string? Protocol => "chant";

        public IReadOnlyDictionary<EventKind, int>? CountTopics() => null;

        public void Renew(Identity identity) => Identity = identity;

        public ValueTask ReceiveAsync(ReadOnlyMemory<byte> message, bool isText)
        {
            var text = Encoding.UTF8.GetString(message.Span);
            if (text == "fail") throw new InvalidOperationException("as asked");

            channel.Send(Encoding.UTF8.GetBytes($"said {text}"));
            return ValueTask.CompletedTask;
        }

        public void Drain() => channel.Send("draining"u8);

        public async Task WhenDrainedAsync()
        {
            await protocol.LetGo.Task;
            channel.Send("the last one"u8);
        }

        public void End() => HasEnded = true;
    }
}
