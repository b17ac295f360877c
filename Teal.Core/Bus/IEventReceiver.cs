using Teal.Core.Events;

namespace Teal.Core.Bus;

/// <summary>Where a subscription's events go.</summary>
public interface IEventReceiver
{
    /// <summary>
    /// Called for one event after the other. Must not block and must not throw: whatever is slow behind it needs a bounded
    /// queue of its own.
    /// </summary>
    void Receive(TealEvent @event);

    /// <summary>
    /// Called when events may have been missed: after the bus was away and all topics are bound again, or had no room. Must neither block
    /// nor throw.
    /// </summary>
    void Resynchronize();
}
