using Microsoft.Extensions.Logging;
using Teal.Core.Events;
using Teal.Core.Identities;
using Teal.Dispatcher.Commands;
using Teal.Dispatcher.Registrations;
using Teal.Web.Sessions;

namespace Teal.Dispatcher.Protocols;

/// <summary>
/// One client that speaks one of Teal's own protocols: has its messages done, answers them, and holds what it registered for.
/// </summary>
internal sealed partial class TealSession(
    IClientChannel channel, Identity identity, ITealDialect dialect, CommandHandler handler, ILogger logger) : IClientSession, ISubscriber
{
    private static readonly CommandFault NotText = new(CommandFaultCode.InvalidMessage, "Messages are text, not binary.");

    private Identity _identity = identity;

    // Whether a message is being done, and whether the registrations have to be looked through behind it. The lock of the list of
    // registrations guards both.
    private bool _isBusy;
    private bool _isRenewed;

    /// <summary>Who the client is.</summary>
    public Identity Identity => Volatile.Read(ref _identity);

    /// <inheritdoc/>
    public string? Protocol => dialect.Subprotocol;

    /// <inheritdoc/>
    public bool TakesBinary => false;

    /// <inheritdoc/>
    public IClientChannel Channel => channel;

    /// <inheritdoc/>
    public IEventEncoder Encoder => dialect;

    /// <inheritdoc/>
    public List<Registration> Registrations { get; } = new(1);

    /// <inheritdoc/>
    public long RegisteredSize { get; set; }

    /// <inheritdoc/>
    public int Claims { get; set; }

    /// <inheritdoc/>
    public ReplayQueue Replays { get; } = new();

    /// <inheritdoc/>
    public async ValueTask ReceiveAsync(ReadOnlyMemory<byte> message, bool isText)
    {
        lock (Registrations) _isBusy = true;
        var read = isText ? dialect.Read(message) : NotText;
        var outcome = read.Commands is { } commands ? await DoAsync(commands) : read.Fault!;
        if (outcome.Fault is { } fault) Log.NotDone(logger, fault.Code, channel.Id);
        if (dialect.EncodeAnswer(read, outcome) is { } answer) channel.Send(answer);

        IReadOnlyList<Topic> ended = [];
        lock (Registrations)
        {
            _isBusy = false;
            if (_isRenewed) ended = EndForbidden();
        }

        await TellEndedAsync(ended);

        // Only now, so that the answer comes before the events.
        foreach (var registration in outcome.Registrations) handler.Begin(registration);
    }

    /// <inheritdoc/>
    public void Renew(Identity identity)
    {
        Volatile.Write(ref _identity, identity);
        IReadOnlyList<Topic> ended = [];
        lock (Registrations)
        {
            _isRenewed = true;
            if (!_isBusy) ended = EndForbidden();
        }

        _ = TellEndedAsync(ended);
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<EventKind, int>? CountTopics()
    {
        lock (Registrations)
        {
            return _isBusy ? null : Registrations.CountBy(static registration => registration.Topic.Kind).ToDictionary();
        }
    }

    /// <inheritdoc/>
    public void Tell(Notice notice)
    {
        if (dialect.EncodeNotice(notice, Identity.Team) is { } message) channel.Send(message);
    }

    /// <inheritdoc/>
    public void Drain() => Tell(new Notice.Draining());

    /// <inheritdoc/>
    public Task WhenDrainedAsync() => dialect.HasCursors ? Task.CompletedTask : Replays.WhenIdleAsync();

    /// <inheritdoc/>
    public void End()
    {
        lock (Registrations) handler.End(this);
    }

    private IReadOnlyList<Topic> EndForbidden()
    {
        _isRenewed = false;
        return handler.EndForbidden(this, Identity);
    }

    // They may be thousands, and more than may wait for the client at once.
    private async Task TellEndedAsync(IReadOnlyList<Topic> topics)
    {
        foreach (var topic in topics)
        {
            if (!channel.Queue.HasRoom) await channel.Queue.WaitForRoomAsync();
            Tell(new Notice.Unregistered(topic));
        }
    }

    private async ValueTask<CommandOutcome> DoAsync(IReadOnlyList<Command> commands)
    {
        if (commands is [Command.Refresh refresh]) return await RefreshAsync(refresh.Token);

        var doing = handler.HandleAsync(this, Identity, commands);
        var hasWaited = !doing.IsCompleted;
        var outcome = await doing;

        // Whoever tells of what the message waited for, such as a write, has others to tell.
        if (hasWaited) await Task.Yield();
        return outcome;
    }

    private async ValueTask<CommandOutcome> RefreshAsync(string token)
    {
        var (identity, fault) = await handler.RefreshAsync(channel, Identity, token);
        if (identity is not null) Renew(identity);
        return new CommandOutcome(fault, []);
    }

    private static partial class Log
    {
        [LoggerMessage(3015, LogLevel.Debug, "A client's message was not done: {Code} (connection {ConnectionId})")]
        public static partial void NotDone(ILogger logger, CommandFaultCode code, string connectionId);
    }
}
