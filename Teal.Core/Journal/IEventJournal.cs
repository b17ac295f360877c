using Teal.Core.Events;

namespace Teal.Core.Journal;

/// <summary>
/// Keeps accepted events, each topic's in the order in which they were appended (specification 7, promise 1).
/// <list type="bullet">
/// <item>
/// Two steps: an event is kept first, and durable a moment later. A kept one is found by every reader, and survives the end of any process
/// of Teal; a durable one survives a loss of power as well, as far as the journal is set to care for that.
/// </item>
/// <item>Order: an append that is started after another one of its topic was kept gets a higher position.</item>
/// <item>Every member may be called from any thread at the same time, and throws when the journal cannot be reached.</item>
/// </list>
/// </summary>
public interface IEventJournal
{
    /// <summary>Which journal it is; the same in all processes that share it, and after a restart.</summary>
    string Id { get; }

    /// <summary>
    /// What tells its positions from those of another one, also of one that was in its place before and was emptied. The same
    /// instance until that changes; right once it was read from.
    /// </summary>
    string Identity => Id;

    /// <summary>
    /// Keeps an event; completes when it is durable, and returns it with its place. Only then may its sender be told that it was accepted.
    /// When it throws, the event may be kept all the same, and <paramref name="kept"/> may have been called, or be called later.
    /// </summary>
    /// <param name="event">The event, not kept yet.</param>
    /// <param name="retention">How it is kept. Where there is no room, events are forgotten before their time (specification 7.1).</param>
    /// <param name="kept">
    /// Called with the event and its place, on any thread, as soon as it is kept: once, or never where it cannot be kept, and before the
    /// append completes. A journal of one process calls one after the other, in the order of the positions; one that several share in the
    /// order in which it learns of them. Must neither block nor throw.
    /// </param>
    /// <param name="cancellationToken">Ends the waiting; the event may be kept all the same.</param>
    /// <exception cref="JournalFullException">It does not fit at all, or too much waits to be kept.</exception>
    ValueTask<TealEvent> AppendAsync(
        TealEvent @event, EventRetention retention, Action<TealEvent> kept, CancellationToken cancellationToken);

    /// <summary>
    /// Says that a program waits for the topic. Its events, those that are kept already included, leave the small room of
    /// unclaimed ones, which strangers can fill, for the room of their kind. That holds for as long as events of the kind are
    /// kept, counted from the last claim, also when the process ends meanwhile.
    /// </summary>
    ValueTask ClaimAsync(Topic topic, CancellationToken cancellationToken);

    /// <summary>
    /// The topic's end: all events that were appended before have positions up to it, and all later ones higher positions.
    /// </summary>
    ValueTask<long> FindEndAsync(Topic topic, CancellationToken cancellationToken);

    /// <summary>
    /// Whose the last event was that the topic ever had (<see cref="TealEvent.Owner"/>), as long as that is remembered; null: nobody's, or
    /// none is known.
    /// </summary>
    ValueTask<string?> FindOwnerAsync(Topic topic, CancellationToken cancellationToken);

    /// <summary>The topic's first events behind a position, in order: none when there is none, else at least one.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="after">The position; 0: from the earliest that is kept.</param>
    /// <param name="limit">How many at most; 0: none, to learn where the topic ends.</param>
    /// <param name="size">How many bytes of memory at most (<see cref="TealEvent.Size"/>), of which the last event may take more.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    ValueTask<JournalPage> ReadAsync(Topic topic, long after, int limit, int size, CancellationToken cancellationToken);

    /// <summary>Moves the time until which the topic's events are kept, because their state got another expiry.</summary>
    ValueTask KeepUntilAsync(Topic topic, DateTime keepUntil, CancellationToken cancellationToken);

    /// <summary>Forgets the topic's events, and says how many there were; who asks for them later learns that there were some.</summary>
    ValueTask<int> DeleteAsync(Topic topic, CancellationToken cancellationToken);
}
