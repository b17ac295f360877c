using System.Collections.Frozen;
using Microsoft.Extensions.Logging;
using Teal.Core.Events;
using Teal.Core.Hosting;
using Teal.Core.Identities;
using Teal.Core.Journal;
using Teal.Core.States;
using Teal.Dispatcher.Registrations;

namespace Teal.Dispatcher.Commands;

/// <summary>Makes and ends what clients own (specification 8.5).</summary>
internal sealed partial class Creator(StateService states, IEnumerable<IMaker> makers, TimeProvider clock, ILogger<Creator> logger)
{
    private readonly FrozenDictionary<EventKind, IMaker> _makers = makers.ToFrozenDictionary(static maker => maker.Kind);

    private static readonly CommandFault RedirectNotAllowed = new(
        CommandFaultCode.RedirectNotAllowed, "final_redirect_url must be one of those that the account's redirects allow.");

    // What a client can repeat is said once and then in sum.
    private readonly RepeatedMessage _notStored = new(logger, LogLevel.Error, "States could not be stored or deleted", clock);
    private readonly RepeatedMessage _full = new(logger, LogLevel.Warning, "There is no room for states, and they were refused", clock);

    /// <summary>
    /// Why a command cannot be done, as far as that is known before anything is done; null: nothing is known. For registrations the
    /// permission is asked for where they are made, and ending one needs none.
    /// </summary>
    public CommandFault? FaultOf(Identity identity, Command command) => command switch
    {
        Command.Delete delete => identity.May(Act.Create, delete.Topic) ? null : MayNotChange(delete.Topic.Kind),
        Command.Creation creation => identity.May(Act.Create, creation.Topic)
            ? creation.ExpiresAt is { } end ? FaultOf(end) : null : MayNotChange(creation.Topic.Kind),
        _ => null,
    };

    /// <summary>Makes it.</summary>
    /// <param name="subscriber">The client.</param>
    /// <param name="identity">Whose it will be.</param>
    /// <param name="creation">What is made.</param>
    /// <param name="made">Gets what the client is told of it, and what takes it back.</param>
    /// <returns>Why it could not be made; null: it is.</returns>
    public async ValueTask<CommandFault?> CreateAsync(
        ISubscriber subscriber, Identity identity, Command.Creation creation, Made made)
    {
        var kind = creation.Topic.Kind;
        try
        {
            var (outcome, fault) = await _makers[kind].CreateAsync(identity, creation, made);
            if (fault is not null) return fault;

            switch (outcome)
            {
                case ChangeOutcome.Done:
                    if (_notStored.TryEnd()) Log.StoredAgain(logger);
                    return null;
                case ChangeOutcome.NotAllowed:
                    return MayNotChange(kind);
                case ChangeOutcome.RedirectNotAllowed:
                    return RedirectNotAllowed;
                case ChangeOutcome.Taken:
                    return new CommandFault(CommandFaultCode.StateTaken, $"Another team has this {NounOf(kind)}.");
                default:
                    if (_full.IsNew()) Log.StoreFull(logger, subscriber.Channel.Id);
                    break;
            }
        }
        catch (Exception exception)
        {
            Report(exception, subscriber);
        }

        return new CommandFault(
            CommandFaultCode.StateNotStored, $"The {NounOf(kind)} could not be stored; try again later.");
    }

    /// <summary>Deletes it; why it could not be deleted, or null.</summary>
    public async ValueTask<CommandFault?> DeleteAsync(ISubscriber subscriber, Identity identity, Command.Delete delete)
    {
        var kind = delete.Topic.Kind;
        try
        {
            var (outcome, fault) = await _makers[kind].DeleteAsync(identity, delete.Topic);
            return fault ?? (outcome == ChangeOutcome.NotAllowed ? MayNotChange(kind) : null);
        }
        catch (Exception exception)
        {
            Report(exception, subscriber);
            return new CommandFault(CommandFaultCode.StateNotDeleted, $"The {NounOf(kind)} could not be deleted; try again later.");
        }
    }

    private CommandFault MayNotChange(EventKind kind) => new(
        CommandFaultCode.NotAllowed,
        $"The account may not make or delete this {NounOf(kind)}; it needs a permission such as create {kind.ShortName}:*.");

    private string NounOf(EventKind kind) => _makers[kind].Noun;

    private CommandFault? FaultOf(DateTime expiresAt) => states.FaultOf(expiresAt) is { } fault
        ? new CommandFault(fault.IsTooEarly ? CommandFaultCode.ExpiresTooEarly : CommandFaultCode.ExpiresTooLate, fault.Detail) : null;

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
            "see Teal:MaximumStates and Teal:MaximumStatesSize, and for CIBA requests Teal:Records:MaximumRecords")]
        public static partial void StoreFull(ILogger logger, string connectionId);

        [LoggerMessage(3005, LogLevel.Warning, "A state could not be stored or deleted now: {Reason} (connection {ConnectionId})")]
        public static partial void Overloaded(ILogger logger, string reason, string connectionId);

        [LoggerMessage(3006, LogLevel.Information, "States are stored again")]
        public static partial void StoredAgain(ILogger logger);
    }
}
