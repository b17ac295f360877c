using System.Text;
using RabbitMQ.Client;
using Teal.Tests.Support;

namespace Teal.Tests.EndToEnd;

/// <summary>
/// What somebody who may publish at RabbitMQ can do with whose an event is: send nobody's events, as the original's listeners do, and no
/// more. He cannot give an event away that the journal has for its team.
/// </summary>
[Category("Redis")]
[Category("RabbitMq")]
[NonParallelizable]
public sealed class ForgedOwnerTests() : OwnerFixture("Distributed")
{
    private IConnection _connection = null!;
    private IChannel _channel = null!;
    private string _queue = null!;

    [SetUp]
    public async Task ListenAsync()
    {
        _connection = await new ConnectionFactory { Uri = (await SharedRabbitMq.GetAsync()).Uri }.CreateConnectionAsync();
        _channel = await _connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true));
        _queue = (await _channel.QueueDeclareAsync()).QueueName;
        await _channel.QueueBindAsync(_queue, Prefix + "callbacks", "s");
    }

    [TearDown]
    public async Task CloseAsync()
    {
        if (_connection is not null) await _connection.DisposeAsync();
    }

    [TestCase(10)]
    [TestCase(65_400)]
    public async Task Owner_ThatSomebodyForgesOnAnEvent_GivesItToNobodyElse(int length)
    {
        await using var beta = await ConnectAsync(Beta);
        (await AskAsync(beta, new { id = 1, register_to = Of("s") })).Should().Be("ack");
        await using var acme = await ConnectAsync(Acme);
        (await AskAsync(acme, new { id = 1, create = Creation("s"), register_to = Of("s") })).Should().Be("ack");
        var form = Encoding.ASCII.GetBytes($"x={new string('x', length)}&n=1");
        string[] headersOfForm = ["Content-Type: application/x-www-form-urlencoded"];
        (await RawHttp.SendAsync(Server.Listener, "POST", "/callback?state=s", headersOfForm, form)).Status.Should().Be(204);
        NumberOf(await ReceiveAsync(acme)).Should().Be(1);
        var (headers, body) = await TakeAsync();
        TextOf(headers["teal-owner"]).Should().Be("acme");
        body.Should().NotContain("acme", "the body is the original's");

        foreach (var owner in new[] { null, "", "beta", "-", "anonymous" })
            await PublishAsync(With(headers, "teal-owner", owner), body);
        await PublishAsync(With(With(headers, "teal-owner", null), "teal-seal", null), body);
        await PublishAsync(With(With(headers, "teal-owner", "beta"), "teal-place", $"{TextOf(headers["teal-place"])[..^1]}9"), body);

        await NothingMoreAsync(beta);
        await HitAsync("s", 2);
        NumberOf(await ReceiveAsync(acme)).Should().Be(2, "the first one came once");
        await NothingMoreAsync(beta);
    }

    [Test]
    public async Task Event_OfAnOriginalsListener_IsNobodys()
    {
        await using var beta = await ConnectAsync(Beta);
        await using var acme = await ConnectAsync(Acme);
        (await AskAsync(acme, new { id = 1, create = Creation("s"), register_to = Of("s") })).Should().Be("ack");
        (await AskAsync(beta, new { id = 1, register_to = Of("s") })).Should().Be("ack");

        const string body = """{"timestamp":"2026-01-01T00:00:00","url":"http://original/&n=1","state":"s"}""";
        await PublishAsync([], body);
        foreach (var client in new[] { acme, beta }) NumberOf(await ReceiveAsync(client)).Should().Be(1);

        // A header can only say that fewer get it.
        await PublishAsync(With([], "teal-owner", "acme"), body.Replace("n=1", "n=2", StringComparison.Ordinal));
        NumberOf(await ReceiveAsync(acme)).Should().Be(2);
        await NothingMoreAsync(beta);
    }

    [Test]
    public async Task State_OfTheOriginals_BelongsToAnonymous()
    {
        await Redis.SendAsync("SET", "callback_s", """{"expires_at":null,"final_redirect_url":null,"with_fragment":false}""");
        await using var anonymous = await ConnectAsync(Anonymous, null);
        await anonymous.RegisterAsync("s");
        await using var beta = await ConnectAsync(Beta);
        (await AskAsync(beta, new { id = 1, create = Creation("s") })).Should().Be("state_taken");
        (await AskAsync(beta, new { id = 2, delete = Of("s") })).Should().Be("ack");
        (await AskAsync(beta, new { id = 3, register_to = Of("s") })).Should().Be("ack");

        await HitAsync("s", 1);

        NumberOf(await ReceiveAsync(anonymous)).Should().Be(1);
        await NothingMoreAsync(beta);
        var (headers, _) = await TakeAsync();
        headers.Should().ContainKey("teal-seal").And.NotContainKey("teal-owner", "for anonymous nothing is more than before");
        await anonymous.BindAsync("s");
        (await Redis.GetAsync("callback_s")).Should().NotContain("owner");
    }

    private static string TextOf(object? header) => Encoding.UTF8.GetString((byte[])header!);

    private static Dictionary<string, object?> With(Dictionary<string, object?> headers, string name, string? value)
    {
        var changed = new Dictionary<string, object?>(headers);
        if (value is null) changed.Remove(name);
        else changed[name] = Encoding.UTF8.GetBytes(value);
        return changed;
    }

    private async Task<(Dictionary<string, object?> Headers, string Body)> TakeAsync()
    {
        BasicGetResult? message = null;
        await Eventually.HoldsAsync(
            async () => (message = await _channel.BasicGetAsync(_queue, autoAck: true)) is not null, "a message at RabbitMQ");
        return (new(message!.BasicProperties.Headers!), Encoding.UTF8.GetString(message.Body.Span));
    }

    private async Task PublishAsync(Dictionary<string, object?> headers, string body) => await _channel.BasicPublishAsync(
        Prefix + "callbacks", "s", mandatory: true, new BasicProperties { Headers = headers }, Encoding.UTF8.GetBytes(body));
}
