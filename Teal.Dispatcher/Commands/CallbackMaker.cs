using Teal.Core.Events;
using Teal.Core.Identities;
using Teal.Core.Kinds;
using Teal.Core.States;

namespace Teal.Dispatcher.Commands;

/// <summary>Makes states, to which callbacks come.</summary>
internal sealed class CallbackMaker(StateService states) : IMaker
{
    /// <inheritdoc/>
    public EventKind Kind => EventKinds.Callback;

    /// <inheritdoc/>
    public string Noun => "state";

    /// <inheritdoc/>
    public async ValueTask<MakeOutcome> CreateAsync(Identity identity, Command.Creation creation, Made made)
    {
        var create = (Command.Create)creation;
        var wish = new StateWish(create.State, create.FinalRedirectUrl, create.WithFragment, create.EndsAt);
        var (outcome, change) = await states.CreateAsync(identity, wish);
        if (change is not null) made.Undo.Add(() => states.TakeBackAsync(change));
        return outcome;
    }

    /// <inheritdoc/>
    public async ValueTask<MakeOutcome> DeleteAsync(Identity identity, Topic topic) => await states.DeleteAsync(identity, topic.Key);
}
