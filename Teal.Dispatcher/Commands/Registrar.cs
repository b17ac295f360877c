using Microsoft.Extensions.Logging;
using Teal.Core.Events;
using Teal.Core.Hosting;
using Teal.Core.Identities;
using Teal.Core.Journal;
using Teal.Dispatcher.Registrations;

namespace Teal.Dispatcher.Commands;

/// <summary>Makes the registrations that a message asks for, in steps: until they are complete they can be taken back.</summary>
internal sealed partial class Registrar(
    IEventJournal journal, RegistrationTable registrations, TopicClaims claims, CursorOrigins origins, DispatcherOptions options,
    TimeProvider clock, ILogger<Registrar> logger)
{
    // How many claims of one client are under way.
    private const int ClaimsAtOnce = 64;

    private static readonly CommandFault NoRoom =
        new(CommandFaultCode.TooManyRegistrations, "There is no room for further registrations; try again later, or with fewer of them.");

    // So long a bus takes that binds or refuses. One that is away is waited for when the states are made.
    private static readonly TimeSpan Prompt = TimeSpan.FromMilliseconds(50);

    // What a client can repeat is said once and then in sum.
    private readonly RepeatedMessage _notRegistered = new(logger, LogLevel.Error, "Registrations could not be made", clock);

    /// <summary>
    /// Has events of the topic come, and wait until the registration is begun. One that is there already goes on as it is.
    /// </summary>
    /// <returns>The registration, to be taken back where there is a fault; null: there is none.</returns>
    public async ValueTask<(PendingRegistration? Pending, CommandFault? Fault)> PrepareAsync(
        ISubscriber subscriber, Identity identity, Command.Register wanted)
    {
        if (Sight.Of(identity, wanted.Topic) is not { } sight) return (null, MayNotRead(wanted.Topic.Kind));

        var isNew = registrations.Find(wanted.Topic, subscriber) is null;
        if (isNew && FindLimit(subscriber, wanted) is { } limit) return (null, limit);

        var (beginning, fault) = await FindBeginningAsync(wanted, sight);
        if (fault is not null) return (null, fault);
        if (registrations.Add(wanted.Topic, subscriber, sight, beginning) is not var (registration, bound)) return (null, NoRoom);

        var pending = new PendingRegistration(registration, isNew, wanted, beginning, bound);
        return (pending, await WaitAsync(pending, Prompt));
    }

    /// <summary>Waits until the topic is bound on the bus, for <see cref="DispatcherOptions.BindTimeout"/> where that is away.</summary>
    public ValueTask<CommandFault?> ConfirmAsync(PendingRegistration pending) => WaitAsync(pending, options.BindTimeout);

    /// <summary>Has the registration be as the client asks for. Never throws.</summary>
    /// <param name="pending">The registration.</param>
    /// <param name="isCreated">Whether the message made what the topic is of, so that it needs no claim.</param>
    public async ValueTask<Registration> CompleteAsync(PendingRegistration pending, bool isCreated)
    {
        // Another place to begin at is another registration.
        var (registration, wanted) = (pending.Registration, pending.Wanted);
        if (!pending.IsNew && wanted.After is not null) registration = registrations.Replace(registration, pending.Beginning);
        if (wanted.AsksForEnd) registration.AsksForEnd = true;
        if (!isCreated) await ClaimAsync(registration);
        return registration;
    }

    /// <summary>Leaves nothing of it.</summary>
    public void TakeBack(PendingRegistration pending)
    {
        if (pending.IsNew) Remove(pending.Registration.Subscriber, pending.Wanted.Topic);
    }

    /// <summary>Ends a registration, if there is one.</summary>
    public void Remove(ISubscriber subscriber, Topic topic) => registrations.Remove(topic, subscriber);

    /// <summary>
    /// Ends the registrations whose topics the identity may not read, and returns the topics; has the others see what it sees now.
    /// </summary>
    public IReadOnlyList<Topic> RemoveForbidden(ISubscriber subscriber, Identity identity)
    {
        var forbidden = new List<Topic>();
        foreach (var registration in subscriber.Registrations)
        {
            if (Sight.Of(identity, registration.Topic) is { } sight) registration.ChangeSight(sight);
            else forbidden.Add(registration.Topic);
        }

        foreach (var topic in forbidden) Remove(subscriber, topic);
        return forbidden;
    }

    /// <summary>Ends all registrations of a subscriber that is over.</summary>
    public void RemoveAll(ISubscriber subscriber) => registrations.RemoveAll(subscriber);

    /// <summary>Lets a registration's events come.</summary>
    public void Begin(Registration registration)
    {
        if (registration.IsEnded) return;

        registration.TellMissing();
        registrations.Begin(registration);
    }

    private CommandFault? FindLimit(ISubscriber subscriber, Command.Register wanted)
    {
        if (subscriber.Registrations.Count >= options.MaximumRegistrations)
            return new CommandFault(
                CommandFaultCode.TooManyRegistrations, $"A connection can register for {options.MaximumRegistrations} topics at most.");
        return registrations.HasRoom(wanted.Topic, subscriber) ? null : NoRoom;
    }

    private async ValueTask<(Beginning, CommandFault?)> FindBeginningAsync(Command.Register wanted, Sight sight)
    {
        if (wanted.After is not { } after)
            return (new Beginning(await FindEndAsync(wanted.Topic, sight) ?? JournalPosition.At(clock.GetUtcNow()), IsInstant: true), null);
        if (after == 0) return (new Beginning(0, IsInstant: false), null);

        // Away: it is believed. What it can be of is known once the journal was asked.
        if (await FindEndAsync(wanted.Topic, sight) is not { } end) return (new Beginning(after, wanted.IsInstant), null);

        if (wanted.Origin is { } origin && origin != origins.Of(wanted.Topic))
        {
            if (origin.Journal == origins.Of(wanted.Topic).Journal)
                return (default, new CommandFault(CommandFaultCode.InvalidMessage, "after is a cursor of another topic."));

            // Of a journal whose events are not here. All that is here can be new to the client.
            return (new Beginning(0, IsInstant: false, after), null);
        }

        // No cursor is behind the topic's end, unless the store was restored from a backup, or the clock is another one. What comes now
        // gets a position behind the end, and perhaps not behind that cursor.
        if (after <= end) return (new Beginning(after, wanted.IsInstant), null);
        return (new Beginning(end, wanted.IsInstant, wanted.IsInstant ? null : after), null);
    }

    // Null: the journal is away.
    private async ValueTask<long?> FindEndAsync(Topic topic, Sight sight)
    {
        try
        {
            var end = await journal.FindEndAsync(topic, CancellationToken.None);
            if (!sight.IsLimited || sight.Sees(await journal.FindOwnerAsync(topic, CancellationToken.None))) return end;

            // The client is told where it begins, and is not to learn when another team's events came: as for a topic that never had any.
            // None has an empty key.
            return await journal.FindEndAsync(topic with { Key = "" }, CancellationToken.None);
        }
        catch (Exception)
        {
            // Nothing can be kept, either, before it is back.
            return null;
        }
    }

    private static CommandFault MayNotRead(EventKind kind) => new(
        CommandFaultCode.NotAllowed, $"The account may not read this topic; it needs a permission such as read {kind.ShortName}:*.");

    // Null: the topic is bound, or the bus is away.
    private async ValueTask<CommandFault?> WaitAsync(PendingRegistration pending, TimeSpan limit)
    {
        var id = pending.Registration.Subscriber.Channel.Id;
        try
        {
            if (!pending.Bound.IsCompletedSuccessfully) await pending.Bound.WaitAsync(limit, clock);
            return null;
        }
        catch (TimeoutException)
        {
            // When it is back the topic is bound, and what came meanwhile is read from the journal. Until then the connection must be
            // read, or its pongs are missed.
            if (limit != Prompt) Log.RegistrationWaits(logger, id);
            return null;
        }
        catch (Exception exception)
        {
            var name = exception.GetType().Name;
            if (_notRegistered.IsNew(name)) Log.NotRegistered(logger, name, id);
            return new CommandFault(CommandFaultCode.NotRegistered, "The registration could not be made; try again later.");
        }
    }

    // It is not waited for, as events that came before are claimed, too; but one client is not to fill the journal's queue with its
    // claims.
    private ValueTask ClaimAsync(Registration registration)
    {
        var claimed = claims.ClaimAsync(registration.Topic);
        return ++registration.Subscriber.Claims % ClaimsAtOnce == 0 ? new ValueTask(claimed) : ValueTask.CompletedTask;
    }

    private static partial class Log
    {
        [LoggerMessage(3004, LogLevel.Debug, "A registration waits for the bus (connection {ConnectionId})")]
        public static partial void RegistrationWaits(ILogger logger, string connectionId);

        [LoggerMessage(3003, LogLevel.Error, "A registration could not be made: {Fault} (connection {ConnectionId})")]
        public static partial void NotRegistered(ILogger logger, string fault, string connectionId);
    }
}
