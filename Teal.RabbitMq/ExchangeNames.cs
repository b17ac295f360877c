using Teal.Core.Events;

namespace Teal.RabbitMq;

/// <summary>The exchanges, one for each kind of event (specification 4.1).</summary>
internal sealed class ExchangeNames(RabbitMqOptions options)
{
    /// <summary>All of them.</summary>
    public IEnumerable<string> All => Enum.GetValues<EventKind>().Select(Of);

    /// <summary>The exchange of a kind.</summary>
    public string Of(EventKind kind) => options.ExchangePrefix + kind switch
    {
        EventKind.Callback => "callbacks",
        EventKind.OpenIdCibaCallback => "openid_ciba_callbacks",
        EventKind.PowensDomain => "powens_domain_webhooks",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    /// <summary>The kind of an exchange's messages; null: it is none of ours.</summary>
    public EventKind? KindOf(string exchange) =>
        Enum.GetValues<EventKind>().Cast<EventKind?>().FirstOrDefault(kind => Of(kind!.Value) == exchange);
}
