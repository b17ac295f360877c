using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using Teal.Core.Bus;
using Teal.Core.Events;
using Teal.Core.Hosting;
using Teal.Core.Journal;
using Teal.Core.Kinds;
using Teal.Core.Wire;
using Teal.RabbitMq;
using Teal.Tests.Contracts;
using Teal.Tests.Support;

namespace Teal.Tests.RabbitMq;

/// <summary>The bus on a real broker (specification 4.1).</summary>
[Category("RabbitMq")]
[NonParallelizable]
public sealed class RabbitMqEventBusTests : EventBusContract
{
    private readonly List<RabbitMqEventBus> _buses = [];
    private readonly LogRecorder _log = new();
    private readonly string _prefix = $"test-{Guid.NewGuid():N}-";
    private RabbitMqServer _server = null!;

    [SetUp]
    public async Task StartAsync() => _server = await SharedRabbitMq.GetAsync();

    [TearDown]
    public async Task StopAsync()
    {
        foreach (var bus in _buses) await bus.DisposeAsync();
    }

    [Test]
    public async Task Publish_ByTheOriginal_IsHeard()
    {
        await using var foreign = await ConnectAsync();
        await using var channel = await foreign.CreateChannelAsync();
        foreach (var exchange in new[] { "callbacks", "openid_ciba_callbacks", "powens_domain_webhooks" })
            await channel.ExchangeDeclareAsync(_prefix + exchange, "direct", durable: false, autoDelete: false);

        var received = new ConcurrentQueue<TealEvent>();
        var bus = await CreateBusAsync();
        await using var subscription = await bus.SubscribeAsync(new Receiver(received.Enqueue, _ => 0), CancellationToken.None);
        await subscription.BindAsync(new Topic(EventKinds.Callback, "é 1"), CancellationToken.None);
        await subscription.BindAsync(new Topic(EventKinds.OpenIdCibaCallback, "r"), CancellationToken.None);
        await subscription.BindAsync(new Topic(EventKinds.PowensDomain, "budgea.biapi.pro"), CancellationToken.None);

        await PublishAsync(
            channel, "callbacks", "é 1",
            """{"timestamp": "2023-08-18T23:51:41.694793", "url": "https://x/callback?state=%C3%A9+1", "state": "\u00e9 1", "extra": {}}""");
        await PublishAsync(
            channel, "openid_ciba_callbacks", "r",
            """{"timestamp": "2023-08-18T23:51:41", "request_id": "r", "access_token": "t", "push_token": {"access_token": "a", "token_type": "b", "refresh_token": "c", "expires_at": "2023-08-19T00:00:00", "id_token": "d"}, "push_error": null}""");
        await PublishAsync(
            channel, "powens_domain_webhooks", "budgea.biapi.pro",
            """{"timestamp": "2023-08-18T23:51:41", "domain": "budgea.biapi.pro", "event": "EV", "hmac_signature": {"signature": "s", "payload_prefix": "p", "signature_date": "2023-08-18T23:51:41+02:00"}, "user_token": null, "payload": "{}"}""");

        await Eventually.HoldsAsync(() => received.Count == 3, "three events");
        received.Should().BeEquivalentTo(new TealEvent[]
        {
            new CallbackEvent(Utc("2023-08-18T23:51:41.694793"), "https://x/callback?state=%C3%A9+1", "é 1"),
            new OpenIdCibaEvent(
                Utc("2023-08-18T23:51:41"), "r", "t", new CibaPushToken("a", "b", "c", Utc("2023-08-19T00:00:00"), "d"), null),
            new PowensWebhookEvent(
                Utc("2023-08-18T23:51:41"), "budgea.biapi.pro", "EV", new PowensHmacSignature("s", "p", "2023-08-18T23:51:41+02:00"), null,
                Utf8Text.From("{}")),
        }, options => options.RespectingRuntimeTypes().ComparingByValue<Utf8Text>().WithoutStrictOrdering());
    }

    [Test]
    public async Task Publish_WhatCannotBeRead_IsDroppedWithoutItsContentAndTheRestIsHeard()
    {
        await using var foreign = await ConnectAsync();
        await using var channel = await foreign.CreateChannelAsync();
        var bus = await CreateBusAsync();
        var receiver = new Receiver();
        await using var subscription = await bus.SubscribeAsync(receiver, CancellationToken.None);
        await subscription.BindAsync(new Topic(EventKinds.Callback, "a"), CancellationToken.None);

        foreach (var body in new[]
        {
            "s3cr3t",
            "{",
            "[]",
            "{\"url\":\"s3cr3t\"}",
            "{\"url\":5,\"state\":\"a\"}",
            "{\"timestamp\":\"s3cr3t\",\"url\":\"1\",\"state\":\"a\"}",
            "{\"url\":\"\\ud800\",\"state\":\"a\"}",
        })
            await PublishAsync(channel, "callbacks", "a", body);
        await channel.BasicPublishAsync(_prefix + "callbacks", "a", new byte[] { 0xff, 0xfe });
        await PublishAsync(channel, "callbacks", "a", "{\"url\":\"7\",\"state\":\"a\"}");

        (await receiver.WaitForAsync(1)).Should().Equal(7);
        _log.Lines.Should().Contain(line => line.Id.Id == 7011)
            .And.NotContain(line => line.Text.Contains("s3cr3t", StringComparison.Ordinal));
    }

    [Test]
    public async Task Publish_HeardByTheOriginal_IsByteForByteItsForm()
    {
        var bus = await CreateBusAsync();
        await using var foreign = await ConnectAsync();
        await using var channel = await foreign.CreateChannelAsync();
        await channel.ExchangeDeclareAsync(_prefix + "callbacks", "direct", durable: false, autoDelete: false);
        var queue = (await channel.QueueDeclareAsync()).QueueName;
        await channel.QueueBindAsync(queue, _prefix + "callbacks", "é😀");
        var heard = new TaskCompletionSource<(string Body, IReadOnlyBasicProperties Properties)>();
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, delivery) =>
        {
            heard.TrySetResult((Encoding.UTF8.GetString(delivery.Body.Span), new BasicProperties(delivery.BasicProperties)));
            return Task.CompletedTask;
        };
        await channel.BasicConsumeAsync(queue, autoAck: true, consumer);

        await bus.PublishAsync(
            new CallbackEvent(Utc("2023-08-18T23:51:41"), "http://x/callback?state=%C3%A9&a=<b>", "é😀"), CancellationToken.None);

        var (body, properties) = await heard.Task.WithinLimit();
        body.Should().Be(
            """{"timestamp":"2023-08-18T23:51:41.000000","url":"http://x/callback?state=%C3%A9&a=<b>","state":"\u00e9\ud83d\ude00"}""");
        properties.DeliveryMode.Should().Be(DeliveryModes.Transient);
        properties.MessageId.Should().MatchRegex("^[0-9a-f]{32}$");
        properties.IsContentTypePresent().Should().BeFalse();
    }

    [Test]
    public async Task Publish_ALongEventThatAJournalHas_IsToldToItsReadersAndBroughtToTheOthers()
    {
        var bus = await CreateBusAsync();
        await using var foreign = await ConnectAsync();
        await using var channel = await foreign.CreateChannelAsync();
        await channel.ExchangeDeclareAsync(_prefix + "powens_domain_webhooks", "direct", durable: false, autoDelete: false);
        var queue = (await channel.QueueDeclareAsync()).QueueName;
        await channel.QueueBindAsync(queue, _prefix + "powens_domain_webhooks", "budgea.biapi.pro");
        var bodies = new ConcurrentQueue<string>();
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, delivery) =>
        {
            bodies.Enqueue(Encoding.UTF8.GetString(delivery.Body.Span));
            return Task.CompletedTask;
        };
        await channel.BasicConsumeAsync(queue, autoAck: true, consumer);
        var received = new ConcurrentQueue<TealEvent>();
        var (reader, other) = (new Receiver { CaughtUp = [] }, new Receiver(received.Enqueue, static _ => 0));
        var topic = new Topic(EventKinds.PowensDomain, "budgea.biapi.pro");
        foreach (var receiver in new[] { reader, other })
            await (await bus.SubscribeAsync(receiver, CancellationToken.None)).BindAsync(topic, CancellationToken.None);

        // Each text longer and shorter than the one before it, as one buffer serves them all.
        var webhooks = new[] { 70_000, 1024 * 1024, 80_000 }.Select((length, i) => new PowensWebhookEvent(
            Utc("2023-08-18T23:51:41"), topic.Key, $"EV{i}", null, null, Utf8Text.From(new string(i == 1 ? '\u0001' : 'é', length)))
        { Place = new EventPlace("redis", i + 2, i + 1) }).ToArray();
        await Task.WhenAll(webhooks.Select(webhook => bus.PublishAsync(webhook, CancellationToken.None).AsTask()));

        await Eventually.HoldsAsync(() => received.Count == 3 && reader.CaughtUp.Count == 3 && bodies.Count == 3, "all of them");
        reader.CaughtUp.Should().BeEquivalentTo(webhooks.Select(webhook => (topic, webhook.Place)));
        reader.Numbers.Should().BeEmpty();
        received.Should().BeEquivalentTo(
            webhooks.Select(static webhook => webhook with { Place = EventPlace.Unproven("redis") }),
            options => options.RespectingRuntimeTypes().ComparingByValue<Utf8Text>());
        bodies.Should().BeEquivalentTo(webhooks.Select(static webhook => Encoding.UTF8.GetString(EventJson.EncodeForBus(webhook))));
    }

    [Test]
    public async Task Bind_TenThousandTopicsThatComeAndGo_LeavesNoBinding()
    {
        const int Count = 10_000;
        var before = await _server.CountBindingsAsync(_prefix);

        // Far less than all of them take: it is for each of them alone.
        var bus = await CreateBusAsync(TimeSpan.FromSeconds(1));
        await using var subscription = await bus.SubscribeAsync(new Receiver(), CancellationToken.None);
        var topics = Enumerable.Range(0, Count).Select(i => new Topic(EventKinds.Callback, $"{_prefix}{i}")).ToArray();

        await Task.WhenAll(topics.Select(topic => subscription.BindAsync(topic, CancellationToken.None).AsTask())).WithinLimit();
        (await _server.CountBindingsAsync(_prefix)).Should().Be(before + Count);

        await subscription.UnbindAsync(topics, CancellationToken.None).AsTask().WithinLimit();
        (await _server.CountBindingsAsync(_prefix)).Should().Be(before);
    }

    [Test]
    public async Task Bind_ThousandsWhileTheConnectionFallsSilent_BindsAllOfThemWithTheNext()
    {
        const int Count = 2_000;
        await using var relay = new TcpRelay(_server.Port);
        var uri = new UriBuilder(_server.Uri) { Port = relay.Port }.Uri;
        var bus = Create(
            new RabbitMqOptions
            {
                Uri = uri,
                ExchangePrefix = _prefix,
                Timeout = TimeSpan.FromSeconds(1),
                Heartbeat = TimeSpan.FromSeconds(1),
            });
        await bus.StartAsync(CancellationToken.None);
        await using var subscription = await bus.SubscribeAsync(new Receiver(), CancellationToken.None);
        await subscription.BindAsync(new Topic(EventKinds.Callback, "first"), CancellationToken.None);

        relay.Silence();
        var binding = Enumerable.Range(0, Count)
            .Select(i => subscription.BindAsync(new Topic(EventKinds.Callback, $"{i}"), CancellationToken.None).AsTask()).ToArray();

        await Task.WhenAll(binding).WithinLimit();
        await Eventually.HoldsAsync(
            async () => await _server.CountBindingsAsync(_prefix) == Count + 1,
            "the queue of the lost connection is gone, the new one has all");
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Bind_WhileConnectionsBreakAgainAndAgain_NeverFails(bool isReset)
    {
        await using var relay = new TcpRelay(_server.Port);
        var uri = new UriBuilder(_server.Uri) { Port = relay.Port }.Uri;
        var bus = Create(new RabbitMqOptions { Uri = uri, ExchangePrefix = _prefix, Timeout = TimeSpan.FromSeconds(5) });
        await bus.StartAsync(CancellationToken.None);
        await using var subscription = await bus.SubscribeAsync(new Receiver(), CancellationToken.None);
        using var stop = new CancellationTokenSource();
        var bound = 0;
        var binding = Enumerable.Range(0, 8).Select(i => Task.Run(async () =>
        {
            for (var n = 0; !stop.IsCancellationRequested; n++)
            {
                var topic = new Topic(EventKinds.Callback, $"{i} {n}");
                await subscription.BindAsync(topic, CancellationToken.None);
                Interlocked.Increment(ref bound);
                await subscription.UnbindAsync([topic], CancellationToken.None);
            }
        })).ToArray();

        for (var i = 0; i < 10; i++)
        {
            var before = Volatile.Read(ref bound);
            await Eventually.HoldsAsync(
                () => Volatile.Read(ref bound) > before + 100 || binding.Any(static task => task.IsCompleted), "topics are bound");
            relay.Break(isReset);
        }

        await stop.CancelAsync();
        await Task.WhenAll(binding).WithinLimit();
    }

    [Test]
    public async Task Publish_WithoutABroker_FailsWithinItsTimeout()
    {
        var bus = Create(new RabbitMqOptions { Uri = new Uri("amqp://127.0.0.1:1/"), Timeout = TimeSpan.FromMilliseconds(300) });
        await bus.StartAsync(CancellationToken.None);

        await FluentActions.Awaiting(() => bus.PublishAsync(Event("a", 1), CancellationToken.None).AsTask().WithinLimit())
            .Should().ThrowAsync<TimeoutException>();

        // Those that wait behind one another do not wait longer.
        var began = Stopwatch.StartNew();
        var webhook = new PowensWebhookEvent(DateTime.UnixEpoch, "d", "e", null, null, new Utf8Text(new byte[100_000]));
        var waiting = Enumerable.Range(0, 100).Select(_ => bus.PublishAsync(webhook, CancellationToken.None).AsTask()).ToArray();
        foreach (var publishing in waiting)
            await FluentActions.Awaiting(() => publishing.WithinLimit()).Should().ThrowAsync<TimeoutException>();
        began.Elapsed.Should().BeLessThan(Eventually.Limit, "100 times the timeout is more");

        (await bus.CheckAsync(CancellationToken.None)).Should().Be(DependencyState.Unreachable);
        _log.Lines.Count(line => line.Id.Id == 7001).Should().Be(1, "it is said once");
    }

    [Test]
    public async Task WrongPassword_OfTheBroker_IsSaidWithoutIt()
    {
        var bus = Create(
            new RabbitMqOptions { Uri = new Uri($"amqp://guest:s3cr3t@127.0.0.1:{_server.Port}/"), Timeout = TimeSpan.FromSeconds(5) });
        await bus.StartAsync(CancellationToken.None);

        await Eventually.HoldsAsync(
            () => _log.Lines.Any(line => line.Text.Contains("user or password", StringComparison.Ordinal)), "a message");
        _log.Lines.Should().NotContain(line => line.Text.Contains("s3cr3t", StringComparison.Ordinal));
    }

    [Test]
    public async Task Broker_StoppedAndStartedAgain_BindsEverythingAgainAndIsHeardWithinTenSeconds()
    {
        await using var server = await RabbitMqServer.StartNewAsync();
        var bus = Create(new RabbitMqOptions { Uri = server.Uri, ExchangePrefix = _prefix, Timeout = TimeSpan.FromSeconds(1) });
        await bus.StartAsync(CancellationToken.None);
        var receiver = new Receiver();
        await using var subscription = await bus.SubscribeAsync(receiver, CancellationToken.None);
        for (var i = 0; i < 1000; i++) await subscription.BindAsync(new Topic(EventKinds.Callback, $"{i}"), CancellationToken.None);

        await server.StopAsync();
        await Eventually.HoldsAsync(() => _log.Lines.Count(line => line.Id.Id == 7001) >= 2, "both directions know");
        await FluentActions.Awaiting(() => bus.PublishAsync(Event("1", 1), CancellationToken.None).AsTask().WithinLimit())
            .Should().ThrowAsync<Exception>();
        var late = subscription.BindAsync(new Topic(EventKinds.Callback, "late"), CancellationToken.None).AsTask();
        late.IsCompleted.Should().BeFalse();

        await server.StartAsync();
        var healing = Stopwatch.StartNew();
        await late.WithinLimit();
        await Eventually.HoldsAsync(
            async () => await bus.CheckAsync(CancellationToken.None) == DependencyState.Ok, "both directions are up");
        healing.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(10));
        receiver.Resynchronizations.Should().Be(2, "after the first connection, and after the new one");
        TestContext.Out.WriteLine($"1,000 bindings were there again {healing.ElapsedMilliseconds} ms after the broker.");

        for (var i = 0; i < 1000; i++) await bus.PublishAsync(Event($"{i}", i), CancellationToken.None);
        await bus.PublishAsync(Event("late", 1000), CancellationToken.None);
        (await receiver.WaitForAsync(1001)).Should().Equal(Enumerable.Range(0, 1001));
        _log.Lines.Count(line => line.Id.Id == 7002).Should().Be(2, "it is said once for each direction");
    }

    [Test]
    public async Task Network_ThatSilentlyDropsEverything_FailsPublicationsAndHeals()
    {
        await using var proxy = DroppingProxy.Start(_server.Port);
        var uri = new UriBuilder(_server.Uri) { Port = proxy.Port }.Uri;
        var bus = Create(
            new RabbitMqOptions
            {
                Uri = uri,
                ExchangePrefix = _prefix,
                Timeout = TimeSpan.FromSeconds(1),
                Heartbeat = TimeSpan.FromSeconds(1),
            });
        await bus.StartAsync(CancellationToken.None);
        var receiver = new Receiver();
        await using var subscription = await bus.SubscribeAsync(receiver, CancellationToken.None);
        await subscription.BindAsync(new Topic(EventKinds.Callback, "a"), CancellationToken.None);
        await bus.PublishAsync(Event("a", 1), CancellationToken.None);
        await receiver.WaitForAsync(1);

        proxy.Drop();
        var dropping = Stopwatch.StartNew();
        await Eventually.HoldsAsync(async () => await bus.CheckAsync(CancellationToken.None) != DependencyState.Ok, "the break is noticed");
        var noticed = dropping.Elapsed;

        // With the time limit's exception, or with the client's where it gives the connection up first.
        var publishing = Stopwatch.StartNew();
        await FluentActions.Awaiting(() => bus.PublishAsync(Event("a", 9), CancellationToken.None).AsTask().WithinLimit())
            .Should().ThrowAsync<Exception>();
        publishing.Elapsed.Should().BeLessThan(Eventually.Limit, "the bus has a limit of its own");
        proxy.Forward();

        var healing = Stopwatch.StartNew();
        await Eventually.HoldsAsync(
            async () => await bus.CheckAsync(CancellationToken.None) == DependencyState.Ok, "the connection is back");
        healing.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(10));
        TestContext.Out.WriteLine(
            $"Noticed after {noticed.TotalSeconds:0.0} s with a heartbeat of 1 s; normal {healing.Elapsed.TotalSeconds:0.0} s after the "
                + "network was back.");
        await bus.PublishAsync(Event("a", 2), CancellationToken.None).AsTask().WithinLimit();
        await receiver.WaitForAsync(2);
        receiver.Numbers.Should().StartWith([1]).And.EndWith([2]);
    }

    [Test]
    public async Task Drain_WithMessagesInTheQueue_ReceivesThemFirst()
    {
        using var gate = new ManualResetEventSlim();
        var bus = await CreateBusAsync();
        var receiver = new Receiver(_ => gate.Wait(TimeSpan.FromMilliseconds(1)));
        await using var subscription = await bus.SubscribeAsync(receiver, CancellationToken.None);
        await subscription.BindAsync(new Topic(EventKinds.Callback, "a"), CancellationToken.None);
        for (var i = 0; i < 500; i++) await bus.PublishAsync(Event("a", i), CancellationToken.None);

        await ((RabbitMqEventBus)bus).DrainAsync(CancellationToken.None).WithinLimit();

        receiver.Numbers.Should().Equal(Enumerable.Range(0, 500));
    }

    protected override Task<IEventBus> CreateBusAsync() => CreateBusAsync(new RabbitMqOptions().Timeout);

    private async Task<IEventBus> CreateBusAsync(TimeSpan timeout)
    {
        var bus = Create(new RabbitMqOptions { Uri = _server.Uri, ExchangePrefix = _prefix, Timeout = timeout });
        await bus.StartAsync(CancellationToken.None);
        return bus;
    }

    private RabbitMqEventBus Create(RabbitMqOptions options)
    {
        var bus = new RabbitMqEventBus(
            options, new PlaceKey(), TimeProvider.System,
            LoggerFactory.Create(logging => logging.AddProvider(_log).SetMinimumLevel(LogLevel.Debug)));
        _buses.Add(bus);
        return bus;
    }

    private Task<IConnection> ConnectAsync() => new ConnectionFactory { Uri = _server.Uri }.CreateConnectionAsync();

    private ValueTask PublishAsync(IChannel channel, string exchange, string key, string body) =>
        channel.BasicPublishAsync(_prefix + exchange, key, Encoding.UTF8.GetBytes(body));

    private static DateTime Utc(string text) =>
        DateTime.Parse(
            text, System.Globalization.CultureInfo.InvariantCulture,
            System.Globalization.DateTimeStyles.AssumeUniversal | System.Globalization.DateTimeStyles.AdjustToUniversal);
}
