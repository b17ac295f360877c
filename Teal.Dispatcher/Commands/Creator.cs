using Microsoft.Extensions.Logging;
using Teal.Core.Ciba;
using Teal.Core.Events;
using Teal.Core.Hosting;
using Teal.Core.Identities;
using Teal.Core.Journal;
using Teal.Core.States;
using Teal.Dispatcher.Registrations;

namespace Teal.Dispatcher.Commands;

/// <summary>Makes and ends what clients own: states and CIBA requests (specification 8.5).</summary>
internal sealed partial class Creator(StateService states, CibaRequestService requests, TimeProvider clock, ILogger<Creator> logger)
{
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
            ? FaultOf(creation.ExpiresAt) : MayNotChange(creation.Topic.Kind),
        _ => null,
    };

    /// <summary>Makes it.</summary>
    /// <param name="subscriber">The client.</param>
    /// <param name="identity">Whose it will be.</param>
    /// <param name="creation">What is made.</param>
    /// <param name="undo">Gets what takes it back.</param>
    /// <returns>Why it could not be made; null: it is.</returns>
    public async ValueTask<CommandFault?> CreateAsync(
        ISubscriber subscriber, Identity identity, Command.Creation creation, List<Func<ValueTask>> undo)
    {
        try
        {
            switch (await CreateAsync(identity, creation, undo))
            {
                case ChangeOutcome.Done:
                    if (_notStored.TryEnd()) Log.StoredAgain(logger);
                    return null;
                case ChangeOutcome.NotAllowed:
                    return MayNotChange(creation.Topic.Kind);
                case ChangeOutcome.RedirectNotAllowed:
                    return RedirectNotAllowed;
                case ChangeOutcome.Taken:
                    return new CommandFault(CommandFaultCode.StateTaken, $"Another team has this {NounOf(creation.Topic.Kind)}.");
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
            CommandFaultCode.StateNotStored, $"The {NounOf(creation.Topic.Kind)} could not be stored; try again later.");
    }

    /// <summary>Deletes it; why it could not be deleted, or null.</summary>
    public async ValueTask<CommandFault?> DeleteAsync(ISubscriber subscriber, Identity identity, Command.Delete delete)
    {
        var (kind, key) = delete.Topic;
        try
        {
            var outcome = kind.HasStates ? await states.DeleteAsync(identity, key) : await requests.DeleteAsync(identity, key);
            return outcome == ChangeOutcome.NotAllowed ? MayNotChange(kind) : null;
        }
        catch (Exception exception)
        {
            Report(exception, subscriber);
            return new CommandFault(CommandFaultCode.StateNotDeleted, $"The {NounOf(kind)} could not be deleted; try again later.");
        }
    }

    private static CommandFault MayNotChange(EventKind kind) => new(
        CommandFaultCode.NotAllowed,
        $"The account may not make or delete this {NounOf(kind)}; it needs a permission such as create {kind.ShortName}:*.");

    private static string NounOf(EventKind kind) => kind.HasStates ? "state" : "request";

    private async ValueTask<ChangeOutcome> CreateAsync(Identity identity, Command.Creation creation, List<Func<ValueTask>> undo)
    {
        if (creation is Command.CreateCibaRequest wanted)
        {
            var (outcome, change) = await requests.CreateAsync(identity, wanted.RequestId, wanted.Token, wanted.ExpiresAt);
            if (change is not null) undo.Add(() => requests.TakeBackAsync(change));
            return outcome;
        }
        else
        {
            var create = (Command.Create)creation;
            var wish = new StateWish(create.State, create.FinalRedirectUrl, create.WithFragment, create.ExpiresAt);
            var (outcome, change) = await states.CreateAsync(identity, wish);
            if (change is not null) undo.Add(() => states.TakeBackAsync(change));
            return outcome;
        }
    }

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
