namespace Teal.Core.Events;

/// <summary>
/// Where a journal keeps an event. Within a topic positions rise in the order in which events were accepted, and each place names the one
/// before, so that whoever has seen one can tell whether another is missing in between. The default value: it is not kept.
/// </summary>
/// <param name="Journal">The journal's id: places of different journals cannot be compared. Null: it is not kept.</param>
/// <param name="Position">
/// Microseconds since 1970, UTC, at which the journal took the event, but always more than the topic's position before; so a later journal
/// that starts empty goes on behind an earlier one.
/// </param>
/// <param name="Previous">The position of the topic's event before, whether it is still kept or not; 0: none is known.</param>
public readonly record struct EventPlace(string? Journal, long Position, long Previous)
{
    /// <summary>Whether a journal keeps the event.</summary>
    public bool IsKept => Journal is not null;

    /// <summary>Whether the position is known. Where it is not, only the journal can tell whether it has the event.</summary>
    public bool IsKnown => Position > 0;

    /// <summary>An event that somebody says is in the journal, and cannot prove it.</summary>
    public static EventPlace Unproven(string journal) => new(journal, 0, 0);
}
