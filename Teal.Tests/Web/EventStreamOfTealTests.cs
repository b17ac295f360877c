using System.Text;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Teal.Dispatcher.Registrations;
using Teal.Tests.Support;
using Teal.Web.Sessions;
using Teal.Web.Streams;

namespace Teal.Tests.Web;

/// <summary>
/// The dispatcher's own protocols on an event stream: what the request asks for is told to the session as its first message.
/// </summary>
public sealed class EventStreamOfTealTests
{
    private TestServer _server = null!;

    private int Topics => _server.Services.GetRequiredService<RegistrationTable>().TopicCount;

    [SetUp]
    public async Task Start() => _server = await TestServer.StartAsync(configure: static services =>
        services.AddSingleton<IStartupFilter>(static provider => new EventStreamMapping((context, _) =>
        {
            var query = context.Request.Query;
            var protocol = provider.GetServices<IClientProtocol>().Single(known => known.Subprotocol == (string?)query["protocol"]);
            return new(new EventStreamRequest(protocol.Open, Encoding.UTF8.GetBytes(query["message"].ToString())));
        })));

    [TearDown]
    public ValueTask Stop() => _server.DisposeAsync();

    [TestCase(null)]
    [TestCase("teal.v2")]
    public async Task Stream_OfARegistration_BringsItsEvents(string? protocol)
    {
        using var client = await OpenAsync(protocol, "{\"register_to\":{\"type\":\"callback\",\"state\":\"s\"}}");
        await _server.BindAsync("s");
        await Eventually.HoldsAsync(() => Topics == 1, "the registration");

        await _server.GetAsync("/callback?state=s&n=1");
        await _server.GetAsync("/callback?state=s&n=2");

        (await client.ReceiveAsync())!.Data.Should().Contain("\"state\":\"s\"").And.Contain("n=1");
        (await client.ReceiveAsync())!.Data.Should().Contain("\"state\":\"s\"").And.Contain("n=2");
    }

    [Test]
    public async Task Stream_FromACursorOn_BringsWhatIsKeptAndThenWhatComes()
    {
        await _server.BindAsync("s");
        for (var i = 0; i < 3; i++) await _server.GetAsync($"/callback?state=s&n={i}");

        using var client = await OpenAsync(
            "teal.v2", "{\"id\":1,\"register_to\":{\"type\":\"callback\",\"state\":\"s\",\"after\":\"earliest\"}}");

        (await client.ReceiveAsync())!.Data.Should().StartWith("{\"type\":\"ack\"");
        for (var i = 0; i < 3; i++) (await client.ReceiveAsync())!.Data.Should().Contain($"n={i}");
        await _server.GetAsync("/callback?state=s&n=3");
        (await client.ReceiveAsync())!.Data.Should().Contain("n=3");
    }

    [Test]
    public async Task EventForAWebsocketAndAStream_ReachesBoth()
    {
        await using var websocket = await TestClient.ConnectAsync(_server.Dispatcher, subprotocol: "teal.v2");
        await websocket.SendAsync("{\"id\":1,\"register_to\":{\"type\":\"callback\",\"state\":\"s\"}}");
        (await websocket.ReceiveAsync()).Should().StartWith("{\"type\":\"ack\"");
        using var stream = await OpenAsync("teal.v2", "{\"id\":1,\"register_to\":{\"type\":\"callback\",\"state\":\"s\"}}");
        (await stream.ReceiveAsync())!.Data.Should().StartWith("{\"type\":\"ack\"");
        await _server.BindAsync("s");

        await _server.GetAsync("/callback?state=s");

        var received = await websocket.ReceiveAsync();
        (await stream.ReceiveAsync())!.Data.Should().Be(received).And.Contain("\"cursor\":");
    }

    [Test]
    public async Task ClientThatGoes_IsNotRegisteredAnyMore()
    {
        var client = await OpenAsync("teal.v2", "{\"id\":1,\"register_to\":{\"type\":\"callback\",\"state\":\"s\"}}");
        (await client.ReceiveAsync())!.Data.Should().StartWith("{\"type\":\"ack\"");
        Topics.Should().Be(1);

        client.Dispose();

        await Eventually.HoldsAsync(() => Topics == 0, "no registration");
    }

    [Test]
    public async Task ServerThatStops_TellsAClientOfTealV2AndEndsItsStream()
    {
        using var client = await OpenAsync("teal.v2", "{\"id\":1,\"register_to\":{\"type\":\"callback\",\"state\":\"s\"}}");
        (await client.ReceiveAsync())!.Data.Should().StartWith("{\"type\":\"ack\"");

        await _server.StopAsync().WithinLimit();

        (await client.ReceiveAsync())!.Data.Should().Be("{\"type\":\"draining\"}");
        (await client.ReceiveAsync()).Should().BeNull();
    }

    private Task<EventStreamClient> OpenAsync(string? protocol, string message) => EventStreamClient.OpenAsync(
        _server, $"?message={Uri.EscapeDataString(message)}{(protocol is null ? "" : $"&protocol={protocol}")}");
}
