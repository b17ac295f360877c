using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Teal.Core.Journal;
using Teal.Core.Kinds;
using Teal.Tests.Support;

namespace Teal.Tests.EndToEnd;

/// <summary>A server on a store, and clients that speak the subprotocol <c>teal.v2</c> (specification 3.3).</summary>
public abstract class TealV2Fixture(string store)
{
    private protected TestServer Server { get; set; } = null!;

    private protected TemporaryFolder Folder { get; } = new();

    [SetUp]
    public async Task Start() => Server = await StartAsync();

    [TearDown]
    public async Task Stop()
    {
        await Server.DisposeAsync();
        Folder.Dispose();
    }

    protected static string Create(int id, string state, bool register) => JsonSerializer.Serialize(new
    {
        id,
        create = new { type = "callback", state, expires_at = RealClock.InAnHour.ToString("s") },
        register_to = register ? new { type = "callback", state } : null,
    });

    protected static string RegisterTo(string state, string? after) =>
        JsonSerializer.Serialize(new { id = 1, register_to = new { type = "callback", state, after } });

    private protected static async Task<JsonElement> ReceiveAsync(TestClient client)
    {
        var message = await client.ReceiveAsync();
        message.Should().NotBeNull("the server closed with {0}", client.CloseStatus);
        return JsonDocument.Parse(message!).RootElement;
    }

    protected static string CursorOf(JsonElement message) => message.GetProperty("cursor").GetString()!;

    protected static int NumberOf(JsonElement message) =>
        int.Parse(System.Text.RegularExpressions.Regex.Match(message.GetProperty("url").GetString()!, @"&n=(\d+)").Groups[1].Value);

    // Behind what is on its way the answer to another message comes.
    private protected static async Task NothingMoreAsync(TestClient client)
    {
        await client.SendAsync("{\"id\":\"nothing more\"}");
        (await ReceiveAsync(client)).GetProperty("id").GetString().Should().Be("nothing more");
    }

    private protected Task<TestClient> ConnectAsync() => TestClient.ConnectAsync(Server.Dispatcher, subprotocol: "teal.v2");

    protected async Task KeepAsync(string state, int number, string filling = "") =>
        await Server.Services.GetRequiredService<IEventJournal>().AppendAsync(
            new CallbackEvent(RealClock.Now, $"http://x/callback?state={state}&n={number}&x={filling}", state),
            new EventRetention(RealClock.InAnHour, true), static _ => { }, CancellationToken.None);

    protected async Task HitAsync(string state, int number)
    {
        await Server.BindAsync(state);
        (await Server.GetAsync($"/callback?state={state}&n={number}")).Status.Should().Be(204);
    }

    private protected Task<TestServer> StartAsync(params (string Key, string Value)[] settings) => StartAsync(null, settings);

    private protected Task<TestServer> StartAsync(Action<IServiceCollection>? configure, params (string Key, string Value)[] settings)
    {
        var all = new Dictionary<string, string> { ["Store"] = store, ["DataDirectory"] = Folder.Path };
        foreach (var (key, value) in settings) all[key] = value;
        return TestServer.StartAsync(all, configure: configure);
    }
}
