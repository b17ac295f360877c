using Teal.Core.Events;

namespace Teal.Dispatcher.Protocols;

/// <summary>How topics stand in messages: <c>{"type":TYPE,MEMBER:KEY}</c> (specification 3.2).</summary>
internal static class TopicForm
{
    /// <summary>The type and the key's member; null: there is no such type.</summary>
    public static (EventKind Kind, string Member)? Find(string type) => type switch
    {
        "callback" => (EventKind.Callback, "state"),
        "openid_ciba_callback" => (EventKind.OpenIdCibaCallback, "request_id"),
        "powens_domain" => (EventKind.PowensDomain, "powens_domain"),
        _ => null,
    };

    /// <summary>The same by kind.</summary>
    public static (string Type, string Member) Of(EventKind kind) => kind switch
    {
        EventKind.Callback => ("callback", "state"),
        EventKind.OpenIdCibaCallback => ("openid_ciba_callback", "request_id"),
        _ => ("powens_domain", "powens_domain"),
    };
}
