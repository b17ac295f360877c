using Teal.Core.Events;

namespace Teal.Core.Bus;

/// <summary>
/// Tells dispatchers, at once, what listeners accepted.
/// <list type="bullet">
/// <item>Delivery: an event reaches every subscription that had its topic bound before the event was published, once.</item>
/// <item>Order: events of one topic from one publisher arrive in the order in which their publications were started.</item>
/// <item>Every member may be called from any thread, at the same time.</item>
/// </list>
/// </summary>
public interface IEventBus
{
    /// <summary>
    /// Completes once the bus has taken the event over; throws when the bus cannot take events.
    /// </summary>
    ValueTask PublishAsync(TealEvent @event, CancellationToken cancellationToken);

    /// <summary>Opens a subscription, with no topic bound. A dispatcher process has one.</summary>
    Task<IBusSubscription> SubscribeAsync(IEventReceiver receiver, CancellationToken cancellationToken);
}
