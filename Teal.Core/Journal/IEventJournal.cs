using Teal.Core.Events;

namespace Teal.Core.Journal;

/// <summary>
/// Keeps accepted events, each topic's in the order in which they were appended (specification 7, promise 1).
/// <list type="bullet">
/// <item>Durability: what <see cref="AppendAsync"/> has completed for survives the end of any process of Teal.</item>
/// <item>Order: an append that is started after another one of its topic has completed gets a higher position.</item>
/// <item>Every member may be called from any thread at the same time, and throws when the journal cannot be reached.</item>
/// </list>
/// </summary>
public interface IEventJournal
{
    /// <summary>Which journal it is; the same in all processes that share it, and after a restart.</summary>
    string Id { get; }

    /// <summary>Keeps an event; completes when it is durable, and returns it with its place.</summary>
    /// <param name="event">The event, not kept yet.</param>
    /// <param name="keepUntil">When it may be forgotten, UTC. A topic that has as many events as it may forgets its oldest earlier.</param>
    /// <param name="cancellationToken">Ends the waiting; the event may be kept all the same.</param>
    /// <exception cref="JournalFullException">There is no room.</exception>
    ValueTask<TealEvent> AppendAsync(TealEvent @event, DateTime keepUntil, CancellationToken cancellationToken);

    /// <summary>
    /// The topic's end: all events that were appended before have positions up to it, and all later ones higher positions.
    /// </summary>
    ValueTask<long> FindEndAsync(Topic topic, CancellationToken cancellationToken);

    /// <summary>The topic's first events behind a position, in order.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="after">The position; 0: from the earliest that is kept.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    ValueTask<JournalPage> ReadAsync(Topic topic, long after, int limit, CancellationToken cancellationToken);

    /// <summary>Moves the time until which the topic's events are kept, because their state got another expiry.</summary>
    ValueTask KeepUntilAsync(Topic topic, DateTime keepUntil, CancellationToken cancellationToken);

    /// <summary>Forgets the topic's events; who asks for them later learns that there were some.</summary>
    ValueTask DeleteAsync(Topic topic, CancellationToken cancellationToken);
}
