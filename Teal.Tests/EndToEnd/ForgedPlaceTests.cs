using System.Globalization;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using RabbitMQ.Client;
using Teal.Core.Journal;
using Teal.Tests.Support;

namespace Teal.Tests.EndToEnd;

/// <summary>What somebody who may publish at RabbitMQ can do with places that he makes up: nothing.</summary>
[Category("RabbitMq")]
[NonParallelizable]
public sealed class ForgedPlaceTests
{
    private readonly string _prefix = SharedRabbitMq.UniquePrefix();
    private TestServer _server = null!;
    private IConnection _connection = null!;
    private IChannel _channel = null!;

    [SetUp]
    public async Task StartAsync()
    {
        var broker = await SharedRabbitMq.GetAsync();
        _server = await TestServer.StartAsync(new Dictionary<string, string>
        {
            ["Bus"] = "RabbitMq",
            ["RabbitMq:Uri"] = broker.Uri.ToString(),
            ["RabbitMq:ExchangePrefix"] = _prefix,
        });
        _connection = await new ConnectionFactory { Uri = broker.Uri }.CreateConnectionAsync();

        // With confirmations: once one is there, the message is in the dispatcher's queue.
        _channel = await _connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true));
    }

    [TearDown]
    public async Task StopAsync()
    {
        // They are null where there is no RabbitMQ.
        if (_connection is not null) await _connection.DisposeAsync();
        if (_server is not null) await _server.DisposeAsync();
    }

    // Far ahead and next to what was sent; far ahead with one before it that is far ahead, too; a moment ahead.
    // A long message is not read, only looked for in the journal.
    [TestCase("4102444800000000 0", 0)]
    [TestCase("4102444800000000 4102444799999999", 0)]
    [TestCase("+2000000 0", 0)]
    [TestCase("4102444800000000 0", 100_000)]
    [TestCase("+2000000 0", 100_000)]
    public async Task Place_MadeUpInTheJournalsName_NeitherHidesEventsNorReachesClients(string place, int length)
    {
        await using var client = await TestClient.ConnectAsync(_server.Dispatcher, subprotocol: "teal.v2");
        await _server.BindAsync("s");
        await client.SendAsync("{\"id\":1,\"register_to\":{\"type\":\"callback\",\"state\":\"s\"}}");
        (await client.ReceiveAsync()).Should().Contain("\"ack\"");
        await _server.GetAsync("/callback?state=s&n=1");
        (await client.ReceiveAsync()).Should().Contain("n=1");

        await ForgeAsync(place, length);
        for (var i = 2; i < 5; i++)
        {
            (await _server.GetAsync($"/callback?state=s&n={i}")).Status.Should().Be(204);
            (await client.ReceiveAsync()).Should().Contain($"n={i}");
        }
    }

    private async Task ForgeAsync(string place, int length)
    {
        var journal = _server.Services.GetRequiredService<IEventJournal>();
        if (place.StartsWith('+'))
        {
            var ahead = JournalPosition.At(TimeProvider.System.GetUtcNow()) + long.Parse(place.Split(' ')[0], CultureInfo.InvariantCulture);
            place = $"{ahead} {place.Split(' ')[1]}";
        }

        var properties = new BasicProperties
        {
            Headers = new Dictionary<string, object?> { ["teal-place"] = $"{journal.Id} {place}", ["teal-seal"] = new string('0', 32) },
        };
        var body = Encoding.UTF8.GetBytes(
            $"{{\"timestamp\":\"2026-01-01T00:00:00\",\"url\":\"https://forged/{new string('x', length)}\",\"state\":\"s\"}}");
        await _channel.BasicPublishAsync(_prefix + "callbacks", "s", mandatory: true, properties, body);
    }
}
