using Teal.Core.Events;
using Teal.Core.Identities;
using Teal.Core.Kinds;
using Teal.Webhooks.Directory;
using Teal.Webhooks.Management;

namespace Teal.Dispatcher.Commands;

/// <summary>Makes webhooks.</summary>
internal sealed class WebhookMaker(WebhookService webhooks, WebhookAddresses addresses) : IMaker
{
    /// <inheritdoc/>
    public EventKind Kind => EventKinds.Webhook;

    /// <inheritdoc/>
    public string Noun => "webhook";

    /// <inheritdoc/>
    public async ValueTask<MakeOutcome> CreateAsync(Identity identity, Command.Creation creation, Made made)
    {
        var wish = ((Command.CreateWebhook)creation).Wish;
        var result = await webhooks.PutAsync(identity, identity.Team, wish, CancellationToken.None);
        if (result.Webhook is not { } webhook) return OutcomeOf(result.Fault!);

        made.Undo.Add(() => webhooks.TakeBackAsync(result));
        made.Webhook = WebhookEntry.Of(webhook, addresses).ToJson();
        return ChangeOutcome.Done;
    }

    /// <inheritdoc/>
    public async ValueTask<MakeOutcome> DeleteAsync(Identity identity, Topic topic)
    {
        // Of another team's nobody learns whether it is there.
        var name = topic.KeyWithin(identity.Team);
        var result = await webhooks.DeleteAsync(identity, identity.Team, name, CancellationToken.None);
        return result.Fault is null or { Code: WebhookFaultCode.NotFound } ? ChangeOutcome.Done : OutcomeOf(result.Fault);
    }

    private static MakeOutcome OutcomeOf(WebhookFault fault) => fault.Code switch
    {
        WebhookFaultCode.NotAllowed => new MakeOutcome(
            ChangeOutcome.NotAllowed, new CommandFault(CommandFaultCode.NotAllowed, fault.Detail)),
        WebhookFaultCode.Invalid => new MakeOutcome(
            ChangeOutcome.NotAllowed, new CommandFault(CommandFaultCode.InvalidMessage, fault.Detail)),
        _ => new MakeOutcome(ChangeOutcome.NotAllowed, new CommandFault(CommandFaultCode.WebhookNotMade, fault.Detail)),
    };
}
