using System.IO.Pipelines;
using Microsoft.Extensions.Logging;
using Teal.Core.Addresses;
using Teal.Core.Identities;

namespace Teal.Web.Sessions;

/// <summary>
/// What all transports share: sends through a bounded queue, looks whether the client is there, and comes to an end once.
/// </summary>
public abstract partial class ClientChannel : IClientChannel
{
    private static long _lastNumber;

    private readonly ChannelServices _services;
    private Task? _closing;

    // When the ping was sent that is not answered yet; 0: there is none.
    private long _pinged;

    /// <summary>Makes one that is open.</summary>
    /// <param name="id">The id of the request that opened it.</param>
    /// <param name="client">Whose share it counts to; null: nobody's.</param>
    /// <param name="framing">How messages become bytes of this transport.</param>
    /// <param name="output">What takes them.</param>
    /// <param name="services">What all channels need.</param>
    protected ClientChannel(string id, ClientNetwork? client, Framing framing, PipeWriter output, ChannelServices services)
    {
        (Id, Client, Framing, _services) = (id, client, framing, services);
        Queue = new SendQueue(output, services.Budget);
        OpenedAt = services.Clock.GetUtcNow().UtcDateTime;
    }

    /// <summary>A number that no other channel of this process has; <see cref="Id"/> may be the client's own choice.</summary>
    public long Number { get; } = Interlocked.Increment(ref _lastNumber);

    /// <summary>When it was opened, UTC.</summary>
    public DateTime OpenedAt { get; }

    /// <inheritdoc/>
    public string Id { get; }

    /// <inheritdoc/>
    public ClientNetwork? Client { get; }

    /// <inheritdoc/>
    public Framing Framing { get; }

    /// <inheritdoc/>
    public SendQueue Queue { get; }

    /// <summary>Who its client is; null: not known yet. The <see cref="ChannelTable"/> counts by it, and alone changes it.</summary>
    public Identity? Identity { get; internal set; }

    /// <inheritdoc/>
    public bool IsClosing => Closing is not null;

    /// <summary>The end that has begun; null: none has.</summary>
    protected Task? Closing => Volatile.Read(ref _closing);

    /// <summary>When the client was heard last, a timestamp of the clock.</summary>
    protected abstract long LastHeard { get; }

    private ILogger Logger => _services.Logger;

    /// <summary>Serves the client until one side ends it. Never throws.</summary>
    public abstract Task RunAsync(IClientSession session);

    /// <summary>Ends it without a farewell.</summary>
    public abstract void Abort();

    /// <inheritdoc/>
    public bool TryAdd(OutgoingMessage message) => TryAdd(message, isKept: true);

    /// <inheritdoc/>
    public void Add(OutgoingMessage message)
    {
        if (!TryAdd(message, isKept: false)) CloseAsTooSlow();
    }

    /// <inheritdoc/>
    public void Send(ReadOnlySpan<byte> message, bool isText = true)
    {
        Add(Framing.Frame(message, isText));
        Queue.Flush();
    }

    /// <inheritdoc/>
    public Task CloseAsync(CloseReason reason)
    {
        Close(reason);
        return Closing!;
    }

    /// <summary>Begins to end it because its client does not take what is sent, unless it ends already.</summary>
    public void CloseAsTooSlow()
    {
        if (IsClosing) return;

        if (_services.TooSlow.IsNew()) Log.TooSlow(Logger, Id);
        Close(CloseReason.TooSlow);
    }

    /// <summary>
    /// Sends a ping if it is time for one, and gives the client up if the answer to the last one is missing. One thread at a time.
    /// </summary>
    public void KeepAlive()
    {
        var (clock, options) = (_services.Clock, _services.Options);
        var (now, heard) = (clock.GetTimestamp(), LastHeard);
        if (_pinged != 0 && heard < _pinged)
        {
            if (clock.GetElapsedTime(_pinged, now) >= options.PongTimeout) Abort();
        }
        else if (clock.GetElapsedTime(heard, now) >= options.PingInterval)
        {
            _pinged = now;
            Queue.Ping(Framing.Ping);
        }

        // One that sends, but does not read.
        if (Queue.IsStalledFor(options.PongTimeout)) CloseAsTooSlow();
    }

    /// <summary>Begins to end it, unless that has begun.</summary>
    protected void Close(CloseReason reason)
    {
        if (IsClosing) return;

        var closing = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (Interlocked.CompareExchange(ref _closing, closing.Task, null) is null) _ = CloseCoreAsync(reason, closing);
    }

    /// <summary>Tells the client that it ends, behind all that was sent, and waits for its answer.</summary>
    protected abstract Task SayFarewellAsync(CloseReason reason, CancellationToken cancellationToken);

    /// <summary>Whether the exception says that the client or the network went away.</summary>
    protected abstract bool IsDisconnect(Exception exception);

    private async Task CloseCoreAsync(CloseReason reason, TaskCompletionSource closing)
    {
        using var deadline = new CancellationTokenSource(_services.Options.CloseTimeout, _services.Clock);
        try
        {
            await Queue.CloseAsync(reason.SendsWaiting).WaitAsync(deadline.Token);
            await SayFarewellAsync(reason, deadline.Token);
        }
        catch (Exception exception) when (IsDisconnect(exception))
        {
            Log.NoFarewell(Logger, Id);
            Abort();
        }

        closing.SetResult();
    }

    private bool TryAdd(OutgoingMessage message, bool isKept)
    {
        if (Queue.TryAdd(message, isKept)) return true;

        // It may be full only for want of a flush.
        Queue.Flush();
        return Queue.TryAdd(message, isKept);
    }

    private static partial class Log
    {
        [LoggerMessage(8013, LogLevel.Warning, "A client that reads too slowly is disconnected (connection {ConnectionId})")]
        public static partial void TooSlow(ILogger logger, string connectionId);

        [LoggerMessage(8014, LogLevel.Debug, "A client did not answer the close frame in time (connection {ConnectionId})")]
        public static partial void NoFarewell(ILogger logger, string connectionId);
    }
}
