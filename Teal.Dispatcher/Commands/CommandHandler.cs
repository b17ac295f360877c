using Microsoft.Extensions.Logging;
using Teal.Core.Events;
using Teal.Core.Hosting;
using Teal.Core.Identities;
using Teal.Core.Journal;
using Teal.Core.Kinds;
using Teal.Core.States;
using Teal.Dispatcher.Registrations;

namespace Teal.Dispatcher.Commands;

/// <summary>Does what clients ask for, whatever protocol they speak.</summary>
internal sealed partial class CommandHandler(StateService states, Registrar registrar, TimeProvider clock, ILogger<CommandHandler> logger)
{
    private static readonly CommandFault MayNotChange = new(
        CommandFaultCode.NotAllowed, "The account may not make or delete this state; it needs a permission such as create callback:*.");

    private static readonly CommandFault Taken =
        new(CommandFaultCode.StateTaken, "Another team has a state of this name; choose another one.");

    // What a client can repeat is said once and then in sum.
    private readonly RepeatedMessage _notStored = new(logger, LogLevel.Error, "States could not be stored or deleted", clock);
    private readonly RepeatedMessage _full = new(logger, LogLevel.Warning, "There is no room for states, and they were refused", clock);

    /// <summary>
    /// Does a message's commands as a whole, or nothing of them: what can be taken back comes first, what cannot comes behind all else
    /// that can fail. Never throws. A client's messages are handled one after the other, to their end, also where its channel ends
    /// meanwhile.
    /// </summary>
    public async ValueTask<CommandOutcome> HandleAsync(ISubscriber subscriber, Identity identity, IReadOnlyList<Command> commands)
    {
        var (registrations, changes) = (new List<PendingRegistration>(1), new List<StateChange>(1));
        if (await TryAsync(subscriber, identity, commands, registrations, changes) is not { } fault)
            return new CommandOutcome(null, await CompleteAsync(subscriber, commands, registrations));

        foreach (var pending in registrations) registrar.TakeBack(pending);
        for (var i = changes.Count - 1; i >= 0; i--) await states.TakeBackAsync(changes[i]);
        return fault;
    }

    /// <summary>Lets a registration's events come.</summary>
    public void Begin(Registration registration) => registrar.Begin(registration);

    /// <summary>Ends the registrations that need a right which the subscriber has no more, and returns their topics.</summary>
    public IReadOnlyList<Topic> EndForbidden(ISubscriber subscriber, Identity identity) => registrar.RemoveForbidden(subscriber, identity);

    /// <summary>Ends all registrations of a subscriber that is over.</summary>
    public void End(ISubscriber subscriber) => registrar.RemoveAll(subscriber);

    private async ValueTask<CommandFault?> TryAsync(
        ISubscriber subscriber, Identity identity, IReadOnlyList<Command> commands, List<PendingRegistration> registrations,
        List<StateChange> changes)
    {
        // Before anything is done, as what is deleted does not come back.
        foreach (var command in commands)
        {
            if (FaultOf(identity, command) is { } fault) return fault;
        }

        foreach (var create in commands.OfType<Command.Create>())
        {
            if (states.FaultOf(create.ExpiresAt) is not { } fault) continue;

            var code = fault.IsTooEarly ? CommandFaultCode.ExpiresTooEarly : CommandFaultCode.ExpiresTooLate;
            return new CommandFault(code, fault.Detail);
        }

        // The ends as they are before the states exist: an event that comes at once is behind them.
        foreach (var wanted in commands.OfType<Command.Register>())
        {
            var (pending, fault) = await registrar.PrepareAsync(subscriber, identity, wanted);
            if (pending is not null) registrations.Add(pending);
            if (fault is not null) return fault;
        }

        foreach (var create in commands.OfType<Command.Create>())
        {
            if (await CreateAsync(subscriber, identity, create, changes) is { } fault) return fault;
        }

        foreach (var pending in registrations)
        {
            if (await registrar.ConfirmAsync(pending) is { } fault) return fault;
        }

        foreach (var delete in commands.OfType<Command.Delete>())
        {
            if (await DeleteAsync(subscriber, identity, delete) is { } fault) return fault;
        }

        return null;
    }

    // What cannot fail.
    private async ValueTask<IReadOnlyList<Registration>> CompleteAsync(
        ISubscriber subscriber, IReadOnlyList<Command> commands, List<PendingRegistration> registrations)
    {
        var completed = new Registration[registrations.Count];
        for (var i = 0; i < completed.Length; i++)
        {
            var topic = registrations[i].Wanted.Topic;
            var isStored = commands.OfType<Command.Create>().Any(create => topic == new Topic(EventKinds.Callback, create.State));
            completed[i] = await registrar.CompleteAsync(registrations[i], isStored);
        }

        foreach (var unregister in commands.OfType<Command.Unregister>()) registrar.Remove(subscriber, unregister.Topic);
        return completed;
    }

    // Null: the identity has the permission for it. For registrations they are asked for where they are made; ending one needs none.
    private static CommandFault? FaultOf(Identity identity, Command command) => command switch
    {
        Command.Create create when !StateService.MayChange(identity, create.State) => MayNotChange,
        Command.Delete delete when !StateService.MayChange(identity, delete.State) => MayNotChange,
        _ => null,
    };

    private async ValueTask<CommandFault?> CreateAsync(
        ISubscriber subscriber, Identity identity, Command.Create create, List<StateChange> changes)
    {
        try
        {
            var wish = new StateWish(create.State, create.FinalRedirectUrl, create.WithFragment, create.ExpiresAt);
            var (outcome, change) = await states.CreateAsync(identity, wish);
            switch (outcome)
            {
                case StateOutcome.Done:
                    changes.Add(change!);
                    if (_notStored.TryEnd()) Log.StoredAgain(logger);
                    return null;
                case StateOutcome.NotAllowed:
                    return MayNotChange;
                case StateOutcome.Taken:
                    return Taken;
                default:
                    if (_full.IsNew()) Log.StoreFull(logger, subscriber.Channel.Id);
                    break;
            }
        }
        catch (Exception exception)
        {
            Report(exception, subscriber);
        }

        return new CommandFault(CommandFaultCode.StateNotStored, "The state could not be stored; try again later.");
    }

    private async ValueTask<CommandFault?> DeleteAsync(ISubscriber subscriber, Identity identity, Command.Delete delete)
    {
        try
        {
            return await states.DeleteAsync(identity, delete.State) == StateOutcome.NotAllowed ? MayNotChange : null;
        }
        catch (Exception exception)
        {
            Report(exception, subscriber);
            return new CommandFault(CommandFaultCode.StateNotDeleted, "The state could not be deleted; try again later.");
        }
    }

    private void Report(Exception exception, ISubscriber subscriber)
    {
        var fault = StoreException.Describe(exception);
        if (exception is JournalFullException)
        {
            if (_full.IsNew(fault)) Log.Overloaded(logger, exception.Message, subscriber.Channel.Id);
        }
        else if (_notStored.IsNew(fault))
        {
            Log.StateNotStored(logger, fault, subscriber.Channel.Id);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(3001, LogLevel.Error, "A state could not be stored or deleted: {Fault} (connection {ConnectionId})")]
        public static partial void StateNotStored(ILogger logger, string fault, string connectionId);

        [LoggerMessage(3002, LogLevel.Warning,
            "The state store is full, and a state was refused (connection {ConnectionId}); " +
            "see Teal:MaximumStates and Teal:MaximumStatesSize")]
        public static partial void StoreFull(ILogger logger, string connectionId);

        [LoggerMessage(3005, LogLevel.Warning, "A state could not be stored or deleted now: {Reason} (connection {ConnectionId})")]
        public static partial void Overloaded(ILogger logger, string reason, string connectionId);

        [LoggerMessage(3006, LogLevel.Information, "States are stored again")]
        public static partial void StoredAgain(ILogger logger);
    }
}
