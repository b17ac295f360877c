using System.Collections.Concurrent;
using System.Net;
using System.Net.WebSockets;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Teal.Client;
using Teal.Tests.Support;

namespace Teal.Tests.Client;

public sealed class TealClientTests
{
    private const string Extended = "teal.v2";
    private const string Ack = """{"type":"ack","id":1,"cursor":"c1"}""";

    private readonly ManualTimeProvider _clock = new();
    private readonly ConcurrentQueue<ConnectionChange> _changes = new();

    [Test]
    public async Task BindAsync_AtAServer_IsConnectedBeforeItsEventsCome()
    {
        await using var server = await TestServer.StartAsync();
        var binding = new CallbackBinding("s", RealClock.InAnHour) { FinalRedirectUrl = "https://example.org/x" };
        await using var events = Client(server.Dispatcher).BindAsync(binding).GetAsyncEnumerator();
        var first = events.MoveNextAsync().AsTask();
        await Eventually.HoldsAsync(() => _changes.OfType<ConnectionChange.Connected>().Any(), "a bound state");

        (await server.GetAsync("/callback?state=s&n=1"))["Location"].Should().Be("https://example.org/x");

        (await first.WithinLimit()).Should().BeTrue();
        events.Current.Type.Should().Be("callback");
        events.Current.Json.GetProperty("url").GetString().Should().EndWith("n=1");
        _changes.Select(static change => change.GetType())
            .Should().Equal(typeof(ConnectionChange.Connecting), typeof(ConnectionChange.Connected));
        _changes.OfType<ConnectionChange.Connected>().Single().Installation.CallbackUrl.Should().Be($"{server.Listener}callback");
    }

    [Test]
    public async Task ListenAsync_FromACursor_GivesWhatCameBehindIt()
    {
        await using var server = await TestServer.StartAsync();
        await server.BindAsync("s");
        for (var n = 1; n <= 3; n++) await server.GetAsync($"/callback?state=s&n={n}");
        var client = Client(server.Dispatcher);

        var kept = await TakeAsync(client.ListenAsync(Topic.Callback("s"), From.Earliest), 3);
        var rest = await TakeAsync(client.ListenAsync(Topic.Callback("s"), From.Cursor(kept[0].Cursor!)), 2);

        rest.Select(static @event => @event.Json.GetRawText())
            .Should().Equal(kept.Skip(1).Select(static @event => @event.Json.GetRawText()));
    }

    [Test]
    public async Task ListenAsync_WithAWrongPassword_ThrowsUnauthorized()
    {
        await using var server = await TestServer.StartAsync();

        (await FailAsync(Client(server.Dispatcher, "wrong").ListenAsync(Topic.Callback("s")))).Fault.Should().Be(TealFault.Unauthorized);
    }

    // Whoever came back with the same would be refused, for ever.
    [Test]
    public async Task ListenAsync_WhereTheCredentialIsOver_ThrowsAndDoesNotConnectAgain()
    {
        await using var dispatcher = await ScriptedDispatcher.StartAsync(
            Extended, async it =>
            {
                await SayAsync(it, Ack);
                await it.CloseAsync(4401);
            });

        var exception = await FailAsync(Client(dispatcher.Address).ListenAsync(Topic.Callback("s")));

        exception.Fault.Should().Be(TealFault.CredentialsOver);
        exception.IsTransient.Should().BeFalse();
    }

    [Test]
    public async Task ListenAsync_WhereTheRightIsLost_Throws()
    {
        await using var dispatcher = await ScriptedDispatcher.StartAsync(
            Extended, async it => await SayAsync(
                it, Ack, """{"type":"unregistered","topic":{"type":"callback","state":"s"},"code":"not_allowed"}"""));

        var exception = await FailAsync(Client(dispatcher.Address).ListenAsync(Topic.Callback("s")));

        exception.Fault.Should().Be(TealFault.Refused);
        exception.Code.Should().Be("not_allowed");
        exception.Detail.Should().Contain("any more");
    }

    [Test]
    public async Task BindAsync_WhatTheServerRefuses_ThrowsItsCodeAndItsWords()
    {
        await using var server = await TestServer.StartAsync();

        var exception = await FailAsync(Client(server.Dispatcher).BindAsync(new CallbackBinding("s", RealClock.InAnHour.AddDays(30))));

        exception.Fault.Should().Be(TealFault.Refused);
        exception.Code.Should().Be("expires_too_late");
        exception.Detail.Should().Contain("at most 7 days");
    }

    [Test]
    public async Task ListenAsync_TypesAndMembersThatAreNotKnown_ArePassedOn()
    {
        const string Novelty = """{ "type" : "novelty", "timestamp":"t", "more":{"n":1.50} }""";
        await using var dispatcher = await ScriptedDispatcher.StartAsync(
            Extended, async it => await SayAsync(it, Ack, """{"type":"draining"}""", Novelty));

        var @event = (await TakeAsync(Client(dispatcher.Address).ListenAsync(Topic.Callback("s")), 1)).Single();

        @event.Type.Should().Be("novelty");
        @event.Cursor.Should().BeNull();
        @event.Json.GetRawText().Should().Be(Novelty);
    }

    [TestCase("""{"type":"callback","url":"u","cursor":"c2"}""", false)]
    [TestCase("""{"type":"novelty","cursor":"c2"}""", false)]
    [TestCase("""{"type":"gap","topic":{},"after":"c1","cursor":"c2"}""", true)]
    public async Task ListenAsync_AfterABreak_GoesOnBehindWhatCameLast(string message, bool isGap)
    {
        var again = new TaskCompletionSource<string?>();
        await using var dispatcher = await ScriptedDispatcher.StartAsync(
            Extended, async it => await SayAsync(it, Ack, message), async it =>
            {
                again.SetResult(await it.ReceiveAsync());
                await it.SendAsync(Ack);
                await it.SendAsync("""{"type":"callback"}""");
            });
        await using var events = Client(dispatcher.Address).ListenAsync(Topic.Callback("s")).GetAsyncEnumerator();
        (await events.MoveNextAsync().AsTask().WithinLimit()).Should().BeTrue();
        (events.Current is Gap).Should().Be(isGap);
        events.Current.Cursor.Should().Be("c2");

        var next = events.MoveNextAsync().AsTask();
        (await AdvanceAsync()).Fault.Should().Be(TealFault.ConnectionClosed);

        (await again.Task.WithinLimit()).Should().Be("""{"id":1,"register_to":{"type":"callback","state":"s","after":"c2"}}""");
        (await next.WithinLimit()).Should().BeTrue();
        _changes.Last().Should().BeOfType<ConnectionChange.Connected>();
    }

    [Test]
    public async Task ListenAsync_BeforeItsFirstEvent_GoesOnBehindTheCursorOfTheAnswer()
    {
        var again = new TaskCompletionSource<string?>();
        await using var dispatcher = await ScriptedDispatcher.StartAsync(
            Extended, async it => await SayAsync(it, Ack), async it => again.SetResult(await it.ReceiveAsync()));
        using var stop = new CancellationTokenSource();
        var all = TakeAsync(Client(dispatcher.Address).ListenAsync(Topic.Callback("s"), cancellationToken: stop.Token), 1);
        await AdvanceAsync();

        (await again.Task.WithinLimit()).Should().Contain("\"after\":\"c1\"");
        await stop.CancelAsync();
        await FluentActions.Awaiting(() => all.WithinLimit()).Should().ThrowAsync<OperationCanceledException>();
    }

    [Test]
    public async Task ListenAsync_ThatIsLeft_ClosesTheConnectionInOrder()
    {
        var end = new TaskCompletionSource<string?>();
        await using var dispatcher = await ScriptedDispatcher.StartAsync(Extended, async it =>
        {
            await SayAsync(it, Ack, """{"type":"callback"}""");
            end.SetResult(await it.ReceiveAsync());
        });

        await TakeAsync(Client(dispatcher.Address).ListenAsync(Topic.Callback("s")), 1);

        (await end.Task.WithinLimit()).Should().BeNull();
        dispatcher.CloseStatus.Should().Be(WebSocketCloseStatus.NormalClosure);
    }

    [Test]
    public async Task ListenAsync_ThatIsCancelled_ClosesTheConnectionInOrder()
    {
        var end = new TaskCompletionSource<string?>();
        await using var dispatcher = await ScriptedDispatcher.StartAsync(Extended, async it =>
        {
            await SayAsync(it, Ack);
            end.SetResult(await it.ReceiveAsync());
        });
        using var stop = new CancellationTokenSource();
        var all = TakeAsync(Client(dispatcher.Address).ListenAsync(Topic.Callback("s"), cancellationToken: stop.Token), 1);
        await Eventually.HoldsAsync(() => _changes.OfType<ConnectionChange.Connected>().Any(), "a registration");

        await stop.CancelAsync();

        await FluentActions.Awaiting(() => all.WithinLimit()).Should().ThrowAsync<OperationCanceledException>();
        (await end.Task.WithinLimit()).Should().BeNull();
        dispatcher.CloseStatus.Should().Be(WebSocketCloseStatus.NormalClosure);
    }

    [TestCase("no JSON")]
    [TestCase("[]")]
    [TestCase("{}")]
    [TestCase("""{"type":1}""")]
    [TestCase("""{"type":"\ud800"}""")]
    public async Task ListenAsync_AMessageThatCannotBeRead_ThrowsInvalidMessage(string message)
    {
        await using var dispatcher = await ScriptedDispatcher.StartAsync(Extended, async it => await SayAsync(it, Ack, message));

        (await FailAsync(Client(dispatcher.Address).ListenAsync(Topic.Callback("s")))).Fault.Should().Be(TealFault.InvalidMessage);
    }

    [Test]
    public async Task BindAsync_AFaultThatPasses_IsTriedAgain()
    {
        await using var dispatcher = await ScriptedDispatcher.StartAsync(
            Extended,
            async it => await SayAsync(it, """{"type":"error","id":1,"code":"state_not_stored","detail":"The store is away."}"""),
            async it => await SayAsync(it, Ack, """{"type":"callback"}"""));
        var first = TakeAsync(Client(dispatcher.Address).BindAsync(new CallbackBinding("s", RealClock.InAnHour)), 1);

        var reason = await AdvanceAsync();

        reason.Code.Should().Be("state_not_stored");
        (await first.WithinLimit()).Should().ContainSingle();
    }

    [Test]
    public async Task ListenAsync_AHandshakeThatIsAnsweredWithAnError_IsTriedAgain()
    {
        await using var dispatcher = await ScriptedDispatcher.StartAsync(Extended);
        using var stop = new CancellationTokenSource();
        var all = TakeAsync(Client(dispatcher.Address).ListenAsync(Topic.Callback("s"), cancellationToken: stop.Token), 1);

        for (var i = 0; i < 3; i++)
        {
            var reason = await AdvanceAsync();
            reason.Fault.Should().Be(TealFault.HandshakeRefused);
            reason.Status.Should().Be(HttpStatusCode.BadGateway);
        }

        await stop.CancelAsync();
        await FluentActions.Awaiting(() => all.WithinLimit()).Should().ThrowAsync<OperationCanceledException>();
    }

    [Test]
    public async Task ListenAsync_WhereNobodyAnswers_IsTriedAgain()
    {
        using var stop = new CancellationTokenSource();
        var nobody = new Uri($"http://127.0.0.1:{LoopbackPort.Find()}");
        var all = TakeAsync(Client(nobody).ListenAsync(Topic.Callback("s"), cancellationToken: stop.Token), 1);

        var reason = await AdvanceAsync();

        reason.Fault.Should().Be(TealFault.Unreachable);
        reason.InnerException.Should().BeOfType<HttpRequestException>();
        await stop.CancelAsync();
        await FluentActions.Awaiting(() => all.WithinLimit()).Should().ThrowAsync<OperationCanceledException>();
    }

    [Test]
    public async Task BindAsync_InTheClassicProtocol_IsConnectedWhenTheProbeFailed()
    {
        await using var dispatcher = await ScriptedDispatcher.StartAsync(null, async it =>
        {
            (await it.ReceiveAsync()).Should().StartWith("{\"create\":");
            var probe = JsonDocument.Parse((await it.ReceiveAsync())!).RootElement.GetProperty("create").GetProperty("state").GetString();
            await it.SendAsync($$"""{"type":"callback_creation_failure","state":"{{probe}}","detail":"d"}""");
            await it.SendAsync("""{"type":"callback"}""");
        });

        var @event = (await TakeAsync(Client(dispatcher.Address).BindAsync(new CallbackBinding("s", RealClock.InAnHour)), 1)).Single();

        @event.Type.Should().Be("callback");
        @event.Cursor.Should().BeNull();
        _changes.Last().Should().BeOfType<ConnectionChange.Connected>();
    }

    [Test]
    public async Task BindAsync_InTheClassicProtocolAndNotCreated_ThrowsStateNotCreated()
    {
        await using var dispatcher = await ScriptedDispatcher.StartAsync(
            null, async it => await SayAsync(it, """{"type":"callback_creation_failure","state":"s","detail":"d"}"""));

        var exception = await FailAsync(Client(dispatcher.Address).BindAsync(new CallbackBinding("s", RealClock.InAnHour)));

        exception.Fault.Should().Be(TealFault.StateNotCreated);
        exception.Detail.Should().Be("d");
    }

    [Test]
    public async Task ListenAsync_SinceBeforeInTheClassicProtocol_ThrowsNoReplay()
    {
        await using var dispatcher = await ScriptedDispatcher.StartAsync(null, static it => it.ReceiveAsync());

        var events = Client(dispatcher.Address).ListenAsync(Topic.Callback("s"), From.Instant(RealClock.InAnHour));

        (await FailAsync(events)).Fault.Should().Be(TealFault.NoReplay);
    }

    [TestCase("""{"websocket_url":"http://127.0.0.1/websocket","callback_url":"c","errback_url":"e"}""")]
    [TestCase("""{"websocket_url":"ws","callback_url":"c","errback_url":"e"}""")]
    [TestCase("""{"callback_url":"c","errback_url":"e"}""")]
    [TestCase("[]")]
    [TestCase("<html>")]
    public async Task ListenAsync_MetadataThatCannotBeRead_ThrowsInvalidMetadata(string metadata)
    {
        await using var server = await LoopbackServer.StartAsync(context => context.Response.WriteAsync(metadata));

        (await FailAsync(Client(new Uri(server.Origin)).ListenAsync(Topic.Callback("s")))).Fault.Should().Be(TealFault.InvalidMetadata);
    }

    private static async Task SayAsync(ScriptedDispatcher dispatcher, params string[] messages)
    {
        await dispatcher.ReceiveAsync();
        foreach (var message in messages) await dispatcher.SendAsync(message);
    }

    private static async Task<List<TealEvent>> TakeAsync(IAsyncEnumerable<TealEvent> events, int count)
    {
        var taken = new List<TealEvent>();
        await foreach (var @event in events)
        {
            taken.Add(@event);
            if (taken.Count == count) break;
        }

        return taken;
    }

    private static async Task<TealException> FailAsync(IAsyncEnumerable<TealEvent> events) =>
        (await FluentActions.Awaiting(() => TakeAsync(events, 1).WithinLimit()).Should().ThrowAsync<TealException>()).Which;

    // Waits for a break, and lets the time pass until it is tried again.
    private async Task<TealException> AdvanceAsync()
    {
        ConnectionChange? change = null;
        await Eventually.HoldsAsync(() => _changes.TryDequeue(out change) && change is ConnectionChange.Broken, "a break");
        var broken = (ConnectionChange.Broken)change!;

        // It tells of the break before it waits.
        await Eventually.HoldsAsync(
            () =>
            {
                _clock.Advance(broken.Wait);
                return !_changes.IsEmpty;
            },
            "another try");
        return broken.Reason;
    }

    private TealClient Client(Uri dispatcher, string password = TestServer.Password)
    {
        var client = new TealClient(dispatcher, new TealClientOptions { Password = password, TimeProvider = _clock });
        client.ConnectionChanged += (_, change) => _changes.Enqueue(change);
        return client;
    }
}
