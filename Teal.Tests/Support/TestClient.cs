using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace Teal.Tests.Support;

/// <summary>A client of the classic protocol.</summary>
internal sealed class TestClient : IAsyncDisposable
{
    private readonly ClientWebSocket _socket;
    private readonly byte[] _buffer = new byte[64 * 1024];

    private TestClient(ClientWebSocket socket) => _socket = socket;

    public WebSocket Socket => _socket;

    public WebSocketCloseStatus? CloseStatus => _socket.CloseStatus;

    public static async Task<TestClient> ConnectAsync(
        Uri dispatcher, string password = TestServer.Password, string? subprotocol = null,
        Action<ClientWebSocketOptions>? configure = null, string user = "anonymous")
    {
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader(
            "Authorization", "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));
        if (subprotocol is not null) socket.Options.AddSubProtocol(subprotocol);
        configure?.Invoke(socket.Options);
        await socket.ConnectAsync(new Uri($"ws://{dispatcher.Authority}/websocket"), CancellationToken.None).WithinLimit();
        return new TestClient(socket);
    }

    public Task SendAsync(string message) =>
        _socket.SendAsync(Encoding.UTF8.GetBytes(message), WebSocketMessageType.Text, true, CancellationToken.None).WithinLimit();

    public Task SendAsync(object message) => SendAsync(JsonSerializer.Serialize(message));

    /// <summary>Registers for a callback state, and waits until the server has done so.</summary>
    public async Task RegisterAsync(string state)
    {
        await SendAsync(new { register_to = new { type = "callback", state } });
        await SettleAsync();
    }

    /// <summary>Creates a state that lives for an hour, registers for it, and waits until the server has done so.</summary>
    public async Task BindAsync(string state, string? finalRedirectUrl = null, bool withFragment = false)
    {
        var expiresAt = RealClock.InAnHour.ToString("s");
        var create =
            new { type = "callback", state, final_redirect_url = finalRedirectUrl, with_fragment = withFragment, expires_at = expiresAt };
        await SendAsync(new { create, register_to = new { type = "callback", state } });
        await SettleAsync();
    }

    /// <summary>
    /// Waits until everything that was sent is done: the server answers one thing, a state that cannot be created, and it does
    /// messages in order. Events must not be on their way.
    /// </summary>
    public async Task SettleAsync()
    {
        await SendProbeAsync("settle");
        (await ReceiveAsync()).Should().StartWith("{\"type\":\"callback_creation_failure\",\"state\":\"settle\"");
    }

    /// <summary>Asks for the one answer that the classic protocol has.</summary>
    public Task SendProbeAsync(string state) =>
        SendAsync(new { create = new { type = "callback", state, expires_at = "2001-01-01T00:00:00" } });

    /// <summary>The next message; null: the server closed.</summary>
    public Task<string?> ReceiveAsync() => ReceiveForeverAsync().WithinLimit();

    /// <summary>The same without a limit.</summary>
    public async Task<string?> ReceiveForeverAsync()
    {
        using var message = new MemoryStream();
        while (true)
        {
            var piece = await _socket.ReceiveAsync(_buffer.AsMemory(), CancellationToken.None);
            if (piece.MessageType == WebSocketMessageType.Close) return null;

            message.Write(_buffer, 0, piece.Count);
            if (piece.EndOfMessage) return Encoding.UTF8.GetString(message.ToArray());
        }
    }

    /// <summary>Proves that no message has come, and none is on its way behind what was sent so far.</summary>
    public Task ReceivesNothingAsync() => SettleAsync();

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_socket.State == WebSocketState.Open)
                await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        }
        catch (WebSocketException)
        {
            // The server was ended before.
        }

        _socket.Dispose();
    }
}
