using System.Net.WebSockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;
using Teal.Core.Addresses;
using Teal.Core.Events;
using Teal.Core.Hosting;
using Teal.Dispatcher.Authentication;
using Teal.Dispatcher.Commands;
using Teal.Dispatcher.Protocols;
using Teal.Dispatcher.Registrations;

namespace Teal.Dispatcher.Connections;

/// <summary>
/// One client's websocket: reads its messages one after the other, sends through a bounded queue, and comes to an end. While it
/// waits for the client it holds no buffer.
/// </summary>
internal sealed partial class ClientConnection : IDisposable
{
    private readonly ConnectionContext _network;
    private readonly ClientStream _stream;
    private readonly WebSocket _socket;
    private readonly CommandHandler _handler;
    private readonly DispatcherOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly RepeatedMessage _tooSlow;
    private readonly TaskCompletionSource _received = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task? _closing;

    // When the ping was sent that is not answered yet; 0: there is none.
    private long _pinged;

    /// <param name="id">The id of the request that opened it.</param>
    /// <param name="identity">Who it belongs to.</param>
    /// <param name="protocol">What is spoken on it.</param>
    /// <param name="network">The network connection, after the opening handshake; ended by whoever made it.</param>
    /// <param name="handler">Does what the client asks for.</param>
    /// <param name="budget">What may wait for this client, and for all together.</param>
    /// <param name="options">The settings.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="logger">The log.</param>
    /// <param name="tooSlow">What the log is told of clients that read too slowly; the same for all connections.</param>
    public ClientConnection(
        string id, Identity identity, IClientProtocol protocol, ConnectionContext network,
        CommandHandler handler, SendBudget budget, DispatcherOptions options, TimeProvider clock, ILogger logger, RepeatedMessage tooSlow)
    {
        Id = id;
        Identity = identity;
        Protocol = protocol;
        _network = network;
        _handler = handler;
        _options = options;
        _clock = clock;
        _logger = logger;
        _tooSlow = tooSlow;
        Queue = new SendQueue(network.Transport.Output, budget);
        _stream = new ClientStream(network.Transport.Input, Queue, clock);

        // It reads; what it writes are pongs and close frames. Pings are KeepAlive's, as the framework has a timer for each websocket.
        _socket = WebSocket.CreateFromStream(_stream, new WebSocketCreationOptions { IsServer = true, KeepAliveInterval = Timeout.InfiniteTimeSpan });
    }

    /// <summary>The id of the request that opened it.</summary>
    public string Id { get; }

    /// <summary>Who it belongs to.</summary>
    public Identity Identity { get; }

    /// <summary>What is spoken on it.</summary>
    public IClientProtocol Protocol { get; }

    /// <summary>What it is registered for. Only the connection's own reading changes it.</summary>
    public List<Registration> Registrations { get; } = new(1);

    /// <summary>How much that takes, in bytes; the lock of <see cref="RegistrationBudget"/> guards it.</summary>
    public long RegisteredSize { get; set; }

    /// <summary>Whose share it counts to; null: nobody's.</summary>
    public ClientNetwork? Client { get; init; }

    /// <summary>How many topics it had claimed. Only the connection's own reading changes it.</summary>
    public int Claims { get; set; }

    /// <summary>What waits for the client.</summary>
    public SendQueue Queue { get; }

    /// <summary>Which of its registrations catch up with the journal.</summary>
    public ReplayQueue Replays { get; } = new();

    /// <summary>Whether it comes to its end.</summary>
    public bool IsClosing => Volatile.Read(ref _closing) is not null;

    /// <summary>Serves the client until one side ends it. Never throws.</summary>
    public async Task RunAsync()
    {
        try
        {
            await ReceiveAsync();
            Close(CloseReason.ClientClosed(_socket.CloseStatus));
        }
        catch (Exception exception) when (IsDisconnect(exception))
        {
            Log.Lost(_logger, Id);
            if (exception is WebSocketException { WebSocketErrorCode: WebSocketError.Faulted }) await HangUpAsync();
        }
        catch (Exception exception)
        {
            Log.Failed(_logger, exception, Id);
            Close(CloseReason.InternalError);
        }

        _received.TrySetResult();
        if (Volatile.Read(ref _closing) is { } closing) await closing;
        await EndNetworkAsync();
    }

    /// <summary>Puts an event into the queue, and never waits; somebody has to flush the queue then. False when there is no room for it.</summary>
    public bool TryDeliver(EventFrames frames) => TryAdd(frames.For(Protocol), isKept: true);

    /// <summary>The same for an event that cannot be read again later: a connection that has no room for it is closed.</summary>
    public void Deliver(EventFrames frames) => Add(frames.For(Protocol));

    /// <summary>Tells the client something, if its protocol has a message for it.</summary>
    public void Tell(ConnectionNotice notice)
    {
        if (Protocol.EncodeNotice(notice) is { } message) Send(message);
    }

    /// <summary>Sends a ping if it is time for one, and gives the connection up if the answer to the last one is missing. One thread at a time.</summary>
    public void KeepAlive()
    {
        var (now, heard) = (_clock.GetTimestamp(), _stream.LastHeard);
        if (_pinged != 0 && heard < _pinged)
        {
            if (_clock.GetElapsedTime(_pinged, now) >= _options.PongTimeout) Abort();
        }
        else if (_clock.GetElapsedTime(heard, now) >= _options.PingInterval)
        {
            _pinged = now;
            Queue.Ping();
        }

        // One that sends, but does not read.
        if (Queue.IsStalledFor(_options.PongTimeout)) CloseAsTooSlow();
    }

    /// <summary>Begins to end the connection because its client does not take what is sent, unless it ends already.</summary>
    public void CloseAsTooSlow()
    {
        if (IsClosing) return;

        if (_tooSlow.IsNew()) Log.TooSlow(_logger, Id);
        Close(CloseReason.TooSlow);
    }

    /// <summary>
    /// Begins to end the connection, unless that has begun; completes when it is ended, at the latest after
    /// <see cref="DispatcherOptions.CloseTimeout"/>.
    /// </summary>
    public Task CloseAsync(CloseReason reason)
    {
        Close(reason);
        return Volatile.Read(ref _closing)!;
    }

    /// <summary>Ends the connection without a farewell.</summary>
    public void Abort() => _network.Abort();

    public void Dispose()
    {
        _socket.Dispose();
        _stream.Dispose();
    }

    private static bool IsDisconnect(Exception exception) =>
        exception is WebSocketException or IOException or OperationCanceledException or ObjectDisposedException;

    private void Send(byte[] message)
    {
        Add(new OutgoingMessage(WebSocketFrame.Text(message)));
        Queue.Flush();
    }

    private void Add(OutgoingMessage message)
    {
        if (!TryAdd(message, isKept: false)) CloseAsTooSlow();
    }

    private bool TryAdd(OutgoingMessage message, bool isKept)
    {
        if (Queue.TryAdd(message, isKept)) return true;

        // It may be full only for want of a flush.
        Queue.Flush();
        return Queue.TryAdd(message, isKept);
    }

    private void Close(CloseReason reason)
    {
        if (IsClosing) return;

        var closing = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (Interlocked.CompareExchange(ref _closing, closing.Task, null) is null) _ = CloseCoreAsync(reason, closing);
    }

    private async Task CloseCoreAsync(CloseReason reason, TaskCompletionSource closing)
    {
        using var deadline = new CancellationTokenSource(_options.CloseTimeout, _clock);
        try
        {
            await Queue.CloseAsync(reason.SendsWaiting).WaitAsync(deadline.Token);
            await _socket.CloseOutputAsync(reason.Status, reason.Text, deadline.Token);
            await _received.Task.WaitAsync(deadline.Token);
        }
        catch (Exception exception) when (IsDisconnect(exception))
        {
            Log.NoFarewell(_logger, Id);
            Abort();
        }

        closing.SetResult();
    }

    /// <summary>
    /// A client that breaks RFC 6455 has got a close frame (1002, 1007) from the socket, which then is at its end, and resets the
    /// network connection when it is let go. So that the frame arrives, the client is given the time to read it and hang up.
    /// </summary>
    private async Task HangUpAsync() =>
        await Task.Delay(_options.CloseTimeout, _clock, _network.ConnectionClosed).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    /// <summary>Closes the network connection when the client has taken what is under way, or has not in the time it has for that.</summary>
    private async Task EndNetworkAsync()
    {
        using var deadline = new CancellationTokenSource(_options.CloseTimeout, _clock);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, _network.ConnectionClosed);
        try
        {
            await Queue.CloseAsync(sendWaiting: false).WaitAsync(ended.Token);
            await _network.Transport.Output.CompleteAsync();
            await Task.Delay(Timeout.InfiniteTimeSpan, _clock, ended.Token);
        }
        catch (OperationCanceledException)
        {
            Abort();
        }
    }

    private async Task ReceiveAsync()
    {
        while (true)
        {
            // Waits without a buffer; what it returns is the beginning of a message, or the end of the connection.
            var first = await _socket.ReceiveAsync(Memory<byte>.Empty, CancellationToken.None);
            if (first.MessageType == WebSocketMessageType.Close) return;

            using var message = new MessageBuffer(_options.MaximumMessageSize + 1);
            var size = 0L;
            for (var isEnd = first.EndOfMessage; !isEnd;)
            {
                var piece = await _socket.ReceiveAsync(message.Room, CancellationToken.None);
                if (piece.MessageType == WebSocketMessageType.Close) return;

                isEnd = piece.EndOfMessage;
                size += piece.Count;
                if (size > _options.MaximumMessageSize) Close(CloseReason.MessageTooBig);

                // What nobody will read is not kept: the next piece takes its room.
                if (first.MessageType == WebSocketMessageType.Text && !IsClosing) message.Advance(piece.Count);
            }

            if (IsClosing) continue;

            // A message may have the disk read, or thousands of events sent: not on the thread that watches the sockets.
            if (!Thread.CurrentThread.IsThreadPoolThread) await Task.Yield();
            ProcessorTurn.GiveWay();
            if (first.MessageType == WebSocketMessageType.Text) await HandleAsync(message.Written);
            else Tell(new ConnectionNotice.NotText());
        }
    }

    private async ValueTask HandleAsync(ReadOnlyMemory<byte> message)
    {
        var read = Protocol.Read(message);
        var outcome = read.Commands is { } commands ? await DoAsync(commands) : read.Fault!;
        if (outcome.Fault is { } fault) Log.NotDone(_logger, fault.Code, Id);
        if (Protocol.EncodeAnswer(read, outcome) is { } answer) Send(answer);

        // Only now, so that the answer comes before the events.
        foreach (var registration in outcome.Registrations) _handler.Begin(registration);
    }

    private async ValueTask<CommandOutcome> DoAsync(IReadOnlyList<Command> commands)
    {
        var doing = _handler.HandleAsync(this, commands);
        var hasWaited = !doing.IsCompleted;
        var outcome = await doing;

        // Whoever tells of what the message waited for, such as a write, has others to tell.
        if (hasWaited) await Task.Yield();
        return outcome;
    }

    private static partial class Log
    {
        [LoggerMessage(3011, LogLevel.Debug, "A client went without a farewell (connection {ConnectionId})")]
        public static partial void Lost(ILogger logger, string connectionId);

        [LoggerMessage(3012, LogLevel.Error, "A connection failed (connection {ConnectionId})")]
        public static partial void Failed(ILogger logger, Exception exception, string connectionId);

        [LoggerMessage(3013, LogLevel.Warning, "A client that reads too slowly is disconnected (connection {ConnectionId})")]
        public static partial void TooSlow(ILogger logger, string connectionId);

        [LoggerMessage(3014, LogLevel.Debug, "A client did not answer the close frame in time (connection {ConnectionId})")]
        public static partial void NoFarewell(ILogger logger, string connectionId);

        [LoggerMessage(3015, LogLevel.Debug, "A client's message was not done: {Code} (connection {ConnectionId})")]
        public static partial void NotDone(ILogger logger, CommandFaultCode code, string connectionId);
    }
}
