using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Teal.Tests.Support;

/// <summary>A dispatcher that does with each connection what a test says, and speaks no protocol of its own.</summary>
internal sealed class ScriptedDispatcher : IAsyncDisposable
{
    private const string Metadata =
        """{"websocket_url":"ws://HOST/websocket","callback_url":"http://a/callback","errback_url":"http://a/"}""";

    private readonly ConcurrentQueue<Func<ScriptedDispatcher, Task>> _scripts;
    private readonly string? _subprotocol;
    private readonly byte[] _buffer = new byte[64 * 1024];
    private LoopbackServer _server = null!;
    private WebSocket _socket = null!;

    private ScriptedDispatcher(string? subprotocol, IEnumerable<Func<ScriptedDispatcher, Task>> scripts) =>
        (_subprotocol, _scripts) = (subprotocol, new(scripts));

    public Uri Address => new(_server.Origin);

    /// <summary>How the client closed the last connection.</summary>
    public WebSocketCloseStatus? CloseStatus => _socket.CloseStatus;

    /// <summary>Starts one.</summary>
    /// <param name="subprotocol">What it selects; null: nothing.</param>
    /// <param name="scripts">What it does with one connection after the other; then it closes each. Further ones get 502.</param>
    public static async Task<ScriptedDispatcher> StartAsync(string? subprotocol, params Func<ScriptedDispatcher, Task>[] scripts)
    {
        var dispatcher = new ScriptedDispatcher(subprotocol, scripts);
        dispatcher._server = await LoopbackServer.StartAsync(dispatcher.HandleAsync);
        return dispatcher;
    }

    public Task SendAsync(string message) =>
        _socket.SendAsync(Encoding.UTF8.GetBytes(message), WebSocketMessageType.Text, true, CancellationToken.None).WithinLimit();

    /// <summary>The client's next message, or null where it closed.</summary>
    public async Task<string?> ReceiveAsync()
    {
        var received = await _socket.ReceiveAsync(_buffer, CancellationToken.None).WithinLimit();
        return received.MessageType == WebSocketMessageType.Close ? null : Encoding.UTF8.GetString(_buffer, 0, received.Count);
    }

    /// <summary>Closes the connection with a code of its own.</summary>
    public Task CloseAsync(int status) =>
        _socket.CloseOutputAsync((WebSocketCloseStatus)status, null, CancellationToken.None).WithinLimit();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task HandleAsync(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            await context.Response.WriteAsync(Metadata.Replace("HOST", context.Request.Host.Value, StringComparison.Ordinal));
            return;
        }

        if (!_scripts.TryDequeue(out var script))
        {
            context.Response.StatusCode = StatusCodes.Status502BadGateway;
            return;
        }

        using var socket = _socket = await context.WebSockets.AcceptWebSocketAsync(_subprotocol);
        await script(this);
        if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
            await socket.CloseOutputAsync(WebSocketCloseStatus.EndpointUnavailable, null, CancellationToken.None).WithinLimit();
    }
}
