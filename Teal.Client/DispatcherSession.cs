using System.Buffers;
using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace Teal.Client;

/// <summary>One websocket connection to a dispatcher.</summary>
internal sealed class DispatcherSession : IAsyncDisposable
{
    private const string Extended = "teal.v2";

    // What the dispatcher closes with where the credential is over: it would not take it again.
    private const WebSocketCloseStatus CredentialsOver = (WebSocketCloseStatus)4401;

    // After so long without anything the dispatcher is asked whether it is there, and has so long to answer. .NET looks at either four
    // times as often, so the two may take 8.5 s. Whoever waits at the other end is to wait for 10 s at most.
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(3), Patience = TimeSpan.FromSeconds(4);

    // A network that takes nothing any more does not hold up an end for longer.
    private static readonly TimeSpan CloseLimit = TimeSpan.FromSeconds(0.5);

    private readonly ClientWebSocket _socket = new();
    private readonly ArrayBufferWriter<byte> _message = new();
    private Task<ValueWebSocketReceiveResult>? _receiving;

    private DispatcherSession()
    {
    }

    /// <summary>Whether <c>teal.v2</c> is spoken; else it is the classic protocol.</summary>
    public bool IsExtended => _socket.SubProtocol == Extended;

    /// <summary>Connects.</summary>
    /// <exception cref="TealException">The dispatcher refused, or cannot be reached within the limit.</exception>
    public static async Task<DispatcherSession> ConnectAsync(
        Uri url, string authorization, IWebProxy proxy, TimeSpan limit, CancellationToken cancellationToken)
    {
        var session = new DispatcherSession();
        try
        {
            await session.OpenAsync(url, authorization, proxy, limit, cancellationToken);
            return session;
        }
        catch
        {
            session._socket.Dispose();
            throw;
        }
    }

    /// <summary>Sends a text message.</summary>
    /// <exception cref="TealException">The connection broke.</exception>
    public async Task SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        try
        {
            await _socket.SendAsync(message, WebSocketMessageType.Text, endOfMessage: true, cancellationToken);
        }
        catch (Exception exception) when (TealException.IsBreak(exception, cancellationToken))
        {
            throw new TealException(TealFault.ConnectionBroken, exception);
        }
    }

    /// <summary>The next message; null: the server closed.</summary>
    /// <exception cref="TealException">
    /// The connection broke, or the credential is over, or the message is too long, or no JSON.
    /// </exception>
    public async Task<JsonElement?> ReceiveAsync(CancellationToken cancellationToken)
    {
        _message.ResetWrittenCount();
        while (_message.WrittenCount < TealClient.LongestMessage)
        {
            var piece = await ReceivePieceAsync(cancellationToken);
            if (piece.MessageType == WebSocketMessageType.Close)
                return _socket.CloseStatus == CredentialsOver ? throw new TealException(TealFault.CredentialsOver) : null;

            _message.Advance(piece.Count);
            if (piece.EndOfMessage) return Parse(_message.WrittenSpan);
        }

        throw new TealException(TealFault.MessageTooLong);
    }

    /// <summary>Closes it with 1000 and waits for no answer.</summary>
    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(CloseLimit);
        try
        {
            await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, limit.Token);
        }
        catch (Exception exception) when (TealException.IsBreak(exception, CancellationToken.None))
        {
            // It is closed already, or nothing goes through.
        }

        _socket.Dispose();
        if (_receiving is not null) await ((Task)_receiving).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static JsonElement Parse(ReadOnlySpan<byte> message)
    {
        try
        {
            return JsonElement.Parse(message);
        }
        catch (JsonException exception)
        {
            throw new TealException(TealFault.InvalidMessage, exception);
        }
    }

    private async Task OpenAsync(Uri url, string authorization, IWebProxy proxy, TimeSpan limit, CancellationToken cancellationToken)
    {
        _socket.Options.SetRequestHeader("Authorization", authorization);
        _socket.Options.AddSubProtocol(Extended);
        _socket.Options.CollectHttpResponseDetails = true;
        _socket.Options.KeepAliveInterval = Silence;
        _socket.Options.KeepAliveTimeout = Patience;
        _socket.Options.Proxy = proxy;
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limited.CancelAfter(limit);
        try
        {
            await _socket.ConnectAsync(url, limited.Token);
        }
        catch (WebSocketException exception) when (_socket.HttpStatusCode is HttpStatusCode.Unauthorized)
        {
            throw new TealException(TealFault.Unauthorized, exception) { Status = _socket.HttpStatusCode };
        }
        catch (WebSocketException exception) when (_socket.HttpStatusCode != default)
        {
            throw new TealException(TealFault.HandshakeRefused, exception) { Address = url, Status = _socket.HttpStatusCode };
        }
        catch (Exception exception) when (TealException.IsBreak(exception, cancellationToken))
        {
            throw new TealException(TealFault.ConnectionBroken, exception);
        }
    }

    private async Task<ValueWebSocketReceiveResult> ReceivePieceAsync(CancellationToken cancellationToken)
    {
        try
        {
            // Its own cancellation would abort the connection, and nothing could close it in order.
            _receiving = _socket.ReceiveAsync(_message.GetMemory(4096), CancellationToken.None).AsTask();
            return await _receiving.WaitAsync(cancellationToken);
        }
        catch (Exception exception) when (TealException.IsBreak(exception, cancellationToken))
        {
            throw new TealException(TealFault.ConnectionBroken, exception);
        }
    }
}
