using System.Buffers;
using System.Net;
using System.Net.WebSockets;
using System.Text;

namespace Teal.Host.Client;

/// <summary>One websocket connection to a dispatcher.</summary>
/// <param name="proxy">By which it goes.</param>
internal sealed class DispatcherSession(IWebProxy proxy) : IDisposable
{
    // Far above what a server sends: a listener takes bodies of a megabyte, which JSON may make six times as long.
    private const int LongestMessage = 64 * 1024 * 1024;

    private const string Extended = "teal.v2";

    // After so long without anything the dispatcher is asked whether it is there, and has so long to answer. .NET looks at either four times as often, so the two may take 8.5 s.
    // Whoever waits at the other end is to wait for 10 s at most.
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(3), Patience = TimeSpan.FromSeconds(4);

    private readonly ClientWebSocket _socket = new();
    private readonly ArrayBufferWriter<byte> _message = new();

    /// <summary>Whether <c>teal.v2</c> is spoken; else it is the classic protocol.</summary>
    public bool IsExtended => _socket.SubProtocol == Extended;

    /// <summary>Connects.</summary>
    /// <exception cref="ClientException">The dispatcher refused user or password.</exception>
    /// <exception cref="WebSocketException">It cannot be reached.</exception>
    public async Task ConnectAsync(Uri url, string password, CancellationToken cancellationToken)
    {
        var credentials = Convert.ToBase64String(Encoding.UTF8.GetBytes($"anonymous:{password}"));
        _socket.Options.SetRequestHeader("Authorization", $"Basic {credentials}");
        _socket.Options.AddSubProtocol(Extended);
        _socket.Options.CollectHttpResponseDetails = true;
        _socket.Options.KeepAliveInterval = Silence;
        _socket.Options.KeepAliveTimeout = Patience;
        _socket.Options.Proxy = proxy;
        try
        {
            await _socket.ConnectAsync(url, cancellationToken);
        }
        catch (WebSocketException) when (_socket.HttpStatusCode is HttpStatusCode.Unauthorized)
        {
            throw new ClientException("the dispatcher refused the password. Give the right one with --password, or in TEAL_PASSWORD.", isRefusal: true);
        }
        catch (WebSocketException exception) when (_socket.HttpStatusCode != default)
        {
            // A proxy's, as a rule, which does not pass websockets on, or has nobody to pass them to.
            throw new HandshakeException($"{url} answers {(int)_socket.HttpStatusCode} to a websocket handshake", exception);
        }
    }

    /// <summary>Sends a text message.</summary>
    public Task SendAsync(byte[] message, CancellationToken cancellationToken) =>
        _socket.SendAsync(message, WebSocketMessageType.Text, endOfMessage: true, cancellationToken);

    /// <summary>The next text message, to be read before the next call; null: the server closed.</summary>
    public async Task<ReadOnlyMemory<byte>?> ReceiveAsync(CancellationToken cancellationToken)
    {
        _message.ResetWrittenCount();
        while (_message.WrittenCount < LongestMessage)
        {
            var piece = await _socket.ReceiveAsync(_message.GetMemory(4096), cancellationToken);
            if (piece.MessageType == WebSocketMessageType.Close) return null;

            _message.Advance(piece.Count);
            if (piece.EndOfMessage) return _message.WrittenMemory;
        }

        throw new ClientException($"the dispatcher sent a message of over {LongestMessage} bytes.");
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();
}
