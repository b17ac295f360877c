using Teal.Core.Ciba;
using Teal.Core.Events;
using Teal.Core.Identities;
using Teal.Core.Kinds;

namespace Teal.Dispatcher.Commands;

/// <summary>Makes CIBA requests, to which notifications come.</summary>
internal sealed class CibaRequestMaker(CibaRequestService requests) : IMaker
{
    /// <inheritdoc/>
    public EventKind Kind => EventKinds.OpenIdCibaCallback;

    /// <inheritdoc/>
    public string Noun => "request";

    /// <inheritdoc/>
    public async ValueTask<MakeOutcome> CreateAsync(Identity identity, Command.Creation creation, Made made)
    {
        var create = (Command.CreateCibaRequest)creation;
        var (outcome, change) = await requests.CreateAsync(identity, create.RequestId, create.Token, create.EndsAt);
        if (change is not null) made.Undo.Add(() => requests.TakeBackAsync(change));
        return outcome;
    }

    /// <inheritdoc/>
    public async ValueTask<MakeOutcome> DeleteAsync(Identity identity, Topic topic) => await requests.DeleteAsync(identity, topic.Key);
}
