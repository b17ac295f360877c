using Teal.Core.Events;
using Teal.Core.Kinds;

namespace Teal.RabbitMq;

/// <summary>The exchanges, one for each kind of event, with the installation's prefix (specification 4.1).</summary>
internal sealed class ExchangeNames(RabbitMqOptions options)
{
    /// <summary>The broker's own: it routes to the queue that the routing key names.</summary>
    public const string Default = "";

    /// <summary>All of them.</summary>
    public IEnumerable<string> All => EventKinds.All.Select(Of);

    /// <summary>The exchange of a kind.</summary>
    public string Of(EventKind kind) => options.ExchangePrefix + kind.Exchange;

    /// <summary>The kind of an exchange's messages; null: it is none of ours.</summary>
    public EventKind? KindOf(string exchange) =>
        exchange.StartsWith(options.ExchangePrefix, StringComparison.Ordinal)
            ? EventKinds.ByExchange(exchange[options.ExchangePrefix.Length..]) : null;
}
