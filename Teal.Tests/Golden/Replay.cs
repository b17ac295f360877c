using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Teal.Core.Bus;
using Teal.Core.Kinds;
using Teal.Core.States;
using Teal.Core.Wire;
using Teal.RabbitMq;
using Teal.Redis;
using Teal.Tests.Support;

namespace Teal.Tests.Golden;

/// <summary>
/// Does to Teal what was done to the original, and keeps what is seen. Each case has a server of its own, whose clock stands
/// still, so that every instant is known to the last digit.
/// </summary>
internal sealed class Replay : IAsyncDisposable
{
    private const string Sentinel = "golden-sentinel";
    private const string RecordedAddress = "127.0.0.1:18081";

    private static readonly ExchangeNames Exchanges = new(new RabbitMqOptions());

    private readonly TestServer _server;
    private readonly Dictionary<string, ReplayClient> _clients = [];
    private readonly List<RecordedResponse> _responses = [];

    private Replay(TestServer server) => _server = server;

    /// <summary>The instant of all cases; none of its fraction's digits is 0.</summary>
    public static DateTime Now => Clock().GetUtcNow().UtcDateTime;

    /// <summary>Starts the server that a case needs.</summary>
    public static async Task<Replay> StartAsync(GoldenCase recorded)
    {
        var settings = new Dictionary<string, string>();

        // In the original this address is in the metadata only; in Teal it would be in the events as well.
        if (recorded.Area == 'A') settings["Listener:PublicUrl"] = "http://localhost:18080";
        if (recorded.Requests.Any(static request => request.To == "listener_powens_fallback"))
            settings["Listener:PowensRedirectFallback"] = "true";
        return new Replay(await TestServer.StartAsync(settings, Clock()));
    }

    /// <summary>Does all steps, and says what was seen.</summary>
    public async Task<Expectation> RunAsync(GoldenCase recorded)
    {
        foreach (var name in recorded.Frames.Keys) await ClientAsync(name);
        foreach (var step in recorded.Steps) await DoAsync(step);
        await ReceiveAllAsync();

        var frames = _clients.ToDictionary(static client => client.Key, static client => client.Value.Frames);
        var closed = _clients.Where(static client => client.Value.ClosedWith is not null);
        return new Expectation(
            _responses, frames, closed.ToDictionary(static client => client.Key, static client => client.Value.ClosedWith!.Value),
            Expectation.NoStates);
    }

    /// <summary>The stored state; null: there is none.</summary>
    public async Task<CallbackState?> FindStateAsync(string state) => await _server.States.FindAsync(state, CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients.Values) await client.DisposeAsync();
        await _server.DisposeAsync();
    }

    private static ManualTimeProvider Clock()
    {
        var clock = new ManualTimeProvider();
        clock.Advance(TimeSpan.FromMicroseconds(123_456));
        return clock;
    }

    private async Task DoAsync(GoldenStep step)
    {
        switch (step)
        {
            case SendStep send:
                await (await ClientAsync(send.Client)).SendAsync(send.Text);
                break;
            case DisconnectStep disconnect:
                // What it has got so far is on its way to it.
                await ReceiveAllAsync();
                await _clients[disconnect.Client].CloseAsync();
                break;
            case StoreStep store:
                // What cannot be read is as good as not there.
                if (CallbackStateJson.Decode(store.State, Encoding.UTF8.GetBytes(store.Value)) is { } state)
                    await _server.States.PutAsync(state, CancellationToken.None);
                break;
            case BrokerStep message:
                await PublishAsync(message);
                break;
            case HttpStep request:
                _responses.Add(await ExchangeAsync(request));
                break;
            case PingStep:
                await PingAsync();
                break;
            default:
                throw new NotSupportedException(step.GetType().Name);
        }
    }

    // What a dispatcher does with a message of the broker is the same on each bus: it reads the body.
    private async Task PublishAsync(BrokerStep message)
    {
        var kind = Exchanges.KindOf(message.Exchange)!;
        if (EventJsonReader.Read(kind, Encoding.UTF8.GetBytes(message.Body), Now) is { } @event)
            await _server.Services.GetRequiredService<IEventBus>().PublishAsync(@event, CancellationToken.None);
    }

    private async Task<RecordedResponse> ExchangeAsync(HttpStep request)
    {
        var server = request.To == "dispatcher" ? _server.Dispatcher : _server.Listener;
        var response = await WireExchange.SendAsync(server, request);
        return response with { Body = response.Body.Replace(server.Authority, RecordedAddress, StringComparison.Ordinal) };
    }

    private async Task<ReplayClient> ClientAsync(string name)
    {
        if (!_clients.TryGetValue(name, out var client))
            _clients[name] = client = new ReplayClient(await TestClient.ConnectAsync(_server.Dispatcher));
        return client;
    }

    // An event reaches all clients in its turn; so when a last one has come, nothing else is on its way.
    private async Task ReceiveAllAsync()
    {
        var open = _clients.Values.Where(static client => client.IsOpen).ToArray();
        if (open.Length == 0) return;

        await _server.BindAsync(Sentinel);
        var registration = JsonSerializer.Serialize(new { register_to = new { type = "callback", state = Sentinel } });
        foreach (var client in open) await client.SendAsync(registration);
        (await _server.GetAsync($"/callback?state={Sentinel}", "Host: sentinel")).Status.Should().Be(204);
        var beginning = RecordedText.Render("""{"type":"callback","timestamp":"<T+0s|f6>","url":"http://sentinel/""", Now);
        foreach (var client in open) await client.ReceiveUntilAsync(beginning);
    }

    private async Task PingAsync()
    {
        using var socket = await RawWebSocket.ConnectAsync(_server.Dispatcher);
        var payload = Encoding.ASCII.GetBytes("golden");
        await socket.SendAsync(RawWebSocket.Ping, payload);
        var (opcode, answer) = await socket.ReceiveAsync();
        opcode.Should().Be(RawWebSocket.Pong);
        answer.Should().Equal(payload);
    }
}
