using Teal.Core.Events;
using Teal.Core.Identities;
using Teal.Dispatcher.Registrations;
using Teal.Web.Sessions;

namespace Teal.Dispatcher.Commands;

/// <summary>Does what clients ask for, whatever protocol they speak.</summary>
internal sealed class CommandHandler(Creator creator, Registrar registrar, Refresher refresher)
{
    /// <summary>
    /// Does a message's commands as a whole, or nothing of them: what can be taken back comes first, what cannot comes behind all else
    /// that can fail. Never throws. A client's messages are handled one after the other, to their end, also where its channel ends
    /// meanwhile.
    /// </summary>
    public async ValueTask<CommandOutcome> HandleAsync(ISubscriber subscriber, Identity identity, IReadOnlyList<Command> commands)
    {
        commands = Within(commands, identity.Team);
        var (registrations, made) = (new List<PendingRegistration>(1), new Made());
        if (await TryAsync(subscriber, identity, commands, registrations, made) is not { } fault)
            return new CommandOutcome(null, await CompleteAsync(subscriber, commands, registrations)) { Webhook = made.Webhook };

        foreach (var pending in registrations) registrar.TakeBack(pending);
        for (var i = made.Undo.Count - 1; i >= 0; i--) await made.Undo[i]();
        return fault;
    }

    /// <inheritdoc cref="Refresher.RefreshAsync"/>
    public ValueTask<(Identity? Identity, CommandFault? Fault)> RefreshAsync(IClientChannel channel, Identity identity, string token) =>
        refresher.RefreshAsync(channel, identity, token);

    /// <summary>Lets a registration's events come.</summary>
    public void Begin(Registration registration) => registrar.Begin(registration);

    /// <summary>Ends the registrations that need a right which the subscriber has no more, and returns their topics.</summary>
    public IReadOnlyList<Topic> EndForbidden(ISubscriber subscriber, Identity identity) => registrar.RemoveForbidden(subscriber, identity);

    /// <summary>Ends all registrations of a subscriber that is over.</summary>
    public void End(ISubscriber subscriber) => registrar.RemoveAll(subscriber);

    // Most messages are the same for all teams.
    private static IReadOnlyList<Command> Within(IReadOnlyList<Command> commands, string team)
    {
        for (var i = 0; i < commands.Count; i++)
        {
            if (!ReferenceEquals(commands[i].Within(team), commands[i])) return [.. commands.Select(command => command.Within(team))];
        }

        return commands;
    }

    private async ValueTask<CommandFault?> TryAsync(
        ISubscriber subscriber, Identity identity, IReadOnlyList<Command> commands, List<PendingRegistration> registrations,
        Made made)
    {
        foreach (var command in commands)
        {
            if (creator.FaultOf(identity, command) is { } fault) return fault;
        }

        // The ends as they are before the states exist: an event that comes at once is behind them.
        foreach (var wanted in commands.OfType<Command.Register>())
        {
            var (pending, fault) = await registrar.PrepareAsync(subscriber, identity, wanted);
            if (pending is not null) registrations.Add(pending);
            if (fault is not null) return fault;
        }

        foreach (var creation in commands.OfType<Command.Creation>())
        {
            if (await creator.CreateAsync(subscriber, identity, creation, made) is { } fault) return fault;
        }

        foreach (var pending in registrations)
        {
            if (await registrar.ConfirmAsync(pending) is { } fault) return fault;
        }

        foreach (var delete in commands.OfType<Command.Delete>())
        {
            if (await creator.DeleteAsync(subscriber, identity, delete) is { } fault) return fault;
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
            var isCreated = commands.OfType<Command.Creation>().Any(creation => creation.Topic == topic);
            completed[i] = await registrar.CompleteAsync(registrations[i], isCreated);
        }

        foreach (var unregister in commands.OfType<Command.Unregister>()) registrar.Remove(subscriber, unregister.Topic);
        return completed;
    }
}
