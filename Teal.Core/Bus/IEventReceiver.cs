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
    /// Called for an event of which the bus tells, and does not bring it. True: it is read from the journal where somebody
    /// wants it. False: that journal is not the receiver's, and only the event itself is of use. Neither blocks nor throws.
    /// Whoever made the place up has the journal read once, and nothing else.
    /// </summary>
    bool TryCatchUp(Topic topic, EventPlace place);

    /// <summary>
    /// Called when events may have been missed: after the bus was away and all topics are bound again, or had no room. Must neither block
    /// nor throw.
    /// </summary>
    void Resynchronize();
}
