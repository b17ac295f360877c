using System.Collections.Frozen;
using Teal.Core.Events;

namespace Teal.Core.Kinds;

/// <summary>The list of all kinds: one that is not here cannot be stored, bound or sent.</summary>
public static class EventKinds
{
    /// <summary>OAuth 2.0 and OpenID Connect redirects; the key is the callback state.</summary>
    public static readonly EventKind Callback = new CallbackKind();

    /// <summary>OpenID Connect CIBA notifications; the key is the <c>auth_req_id</c>.</summary>
    public static readonly EventKind OpenIdCibaCallback = new OpenIdCibaCallbackKind();

    /// <summary>Powens webhooks; the key is the full domain, <c>.biapi.pro</c> included.</summary>
    public static readonly EventKind PowensDomain = new PowensDomainKind();

    /// <summary>Webhooks of anybody (specification 9.2); the key is the team, a slash, and the webhook's name.</summary>
    public static readonly EventKind Webhook = new WebhookKind();

    /// <summary>All kinds, by their numbers.</summary>
    public static readonly IReadOnlyList<EventKind> All = [Callback, OpenIdCibaCallback, PowensDomain, Webhook];

    private static readonly FrozenDictionary<int, EventKind> Numbers = All.ToFrozenDictionary(static kind => (int)kind.Number);
    private static readonly FrozenDictionary<string, EventKind> ShortNames = All.ToFrozenDictionary(static kind => kind.ShortName);
    private static readonly FrozenDictionary<string, EventKind> TopicTypes = All.ToFrozenDictionary(static kind => kind.TopicType);
    private static readonly FrozenDictionary<string, EventKind> Exchanges = All.ToFrozenDictionary(static kind => kind.Exchange);

    /// <summary>The kind with that number; null: there is none.</summary>
    public static EventKind? ByNumber(int number) => Numbers.GetValueOrDefault(number);

    /// <summary>The kind with that short name; null: there is none.</summary>
    public static EventKind? ByShortName(string name) => ShortNames.GetValueOrDefault(name);

    /// <summary>The kind of topics with that type; null: there is none.</summary>
    public static EventKind? ByTopicType(string type) => TopicTypes.GetValueOrDefault(type);

    /// <summary>The kind of an exchange's messages, its name without the prefix; null: it is none of ours.</summary>
    public static EventKind? ByExchange(string exchange) => Exchanges.GetValueOrDefault(exchange);
}
