using System.Net.WebSockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;
using Teal.Core.Addresses;
using Teal.Core.Hosting;
using Teal.Web.Sessions;

namespace Teal.Web.WebSockets;

/// <summary>One client's websocket: reads its messages one after the other, and holds no buffer while it waits for the client.</summary>
internal sealed partial class WebSocketChannel : ClientChannel, IDisposable
{
    private readonly ConnectionContext _network;
    private readonly WebSocketStream _stream;
    private readonly WebSocket _socket;
    private readonly ChannelServices _services;
    private readonly TaskCompletionSource _received = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="id">The id of the request that opened it.</param>
    /// <param name="client">Whose share it counts to; null: nobody's.</param>
    /// <param name="network">The network connection, after the opening handshake; ended by whoever made it.</param>
    /// <param name="services">What all channels need.</param>
    public WebSocketChannel(string id, ClientNetwork? client, ConnectionContext network, ChannelServices services)
        : base(id, client, WebSocketFraming.Instance, network.Transport.Output, services)
    {
        (_network, _services) = (network, services);
        _stream = new WebSocketStream(network.Transport.Input, Queue, services.Clock);

        // It reads; what it writes are pongs and close frames. Pings are KeepAlive's, as the framework has a timer for each websocket.
        _socket = WebSocket.CreateFromStream(
            _stream, new WebSocketCreationOptions { IsServer = true, KeepAliveInterval = Timeout.InfiniteTimeSpan });
    }

    /// <inheritdoc/>
    protected override long LastHeard => _stream.LastHeard;

    private ChannelOptions Options => _services.Options;

    private TimeProvider Clock => _services.Clock;

    /// <inheritdoc/>
    public override async Task RunAsync(IClientSession session)
    {
        try
        {
            await ReceiveAsync(session);
            Close(CloseReason.ClientClosed(_socket.CloseStatus));
        }
        catch (Exception exception) when (IsDisconnect(exception))
        {
            Log.Lost(_services.Logger, Id);
            if (exception is WebSocketException { WebSocketErrorCode: WebSocketError.Faulted }) await HangUpAsync();
        }
        catch (Exception exception)
        {
            Log.Failed(_services.Logger, exception, Id);
            Close(CloseReason.InternalError);
        }

        _received.TrySetResult();
        if (Closing is { } closing) await closing;
        await EndNetworkAsync();
    }

    /// <inheritdoc/>
    public override void Abort() => _network.Abort();

    /// <inheritdoc/>
    public void Dispose()
    {
        _socket.Dispose();
        _stream.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task SayFarewellAsync(CloseReason reason, CancellationToken cancellationToken)
    {
        await _socket.CloseOutputAsync(reason.Status, reason.Text, cancellationToken);
        await _received.Task.WaitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override bool IsDisconnect(Exception exception) =>
        exception is WebSocketException or IOException or OperationCanceledException or ObjectDisposedException;

    /// <summary>
    /// A client that breaks RFC 6455 has got a close frame (1002, 1007) from the socket, which then is at its end, and resets the
    /// network connection when it is let go. So that the frame arrives, the client is given the time to read it and hang up.
    /// </summary>
    private async Task HangUpAsync() =>
        await Task.Delay(Options.CloseTimeout, Clock, _network.ConnectionClosed).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    /// <summary>
    /// Closes the network connection when the client has taken what is under way, or has not in the time it has for that.
    /// </summary>
    private async Task EndNetworkAsync()
    {
        using var deadline = new CancellationTokenSource(Options.CloseTimeout, Clock);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, _network.ConnectionClosed);
        try
        {
            await Queue.CloseAsync(sendWaiting: false).WaitAsync(ended.Token);
            await _network.Transport.Output.CompleteAsync();
            await Task.Delay(Timeout.InfiniteTimeSpan, Clock, ended.Token);
        }
        catch (OperationCanceledException)
        {
            Abort();
        }
    }

    private async Task ReceiveAsync(IClientSession session)
    {
        while (true)
        {
            // Waits without a buffer; what it returns is the beginning of a message, or the end of the connection.
            var first = await _socket.ReceiveAsync(Memory<byte>.Empty, CancellationToken.None);
            if (first.MessageType == WebSocketMessageType.Close) return;

            var isText = first.MessageType == WebSocketMessageType.Text;
            using var message = new MessageBuffer(Options.MaximumMessageSize + 1);
            var size = 0L;
            for (var isEnd = first.EndOfMessage; !isEnd;)
            {
                var piece = await _socket.ReceiveAsync(message.Room, CancellationToken.None);
                if (piece.MessageType == WebSocketMessageType.Close) return;

                isEnd = piece.EndOfMessage;
                size += piece.Count;
                if (size > Options.MaximumMessageSize) Close(CloseReason.MessageTooBig);

                // What nobody will read is not kept: the next piece takes its room.
                if ((isText || session.TakesBinary) && !IsClosing) message.Advance(piece.Count);
            }

            if (IsClosing) continue;

            // A message may have the disk read, or thousands of events sent: not on the thread that watches the sockets.
            if (!Thread.CurrentThread.IsThreadPoolThread) await Task.Yield();
            ProcessorTurn.GiveWay();
            await session.ReceiveAsync(message.Written, isText);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(8011, LogLevel.Debug, "A client went without a farewell (connection {ConnectionId})")]
        public static partial void Lost(ILogger logger, string connectionId);

        [LoggerMessage(8012, LogLevel.Error, "A connection failed (connection {ConnectionId})")]
        public static partial void Failed(ILogger logger, Exception exception, string connectionId);
    }
}
