using Teal.Core.Events;

namespace Teal.Core.Journal;

/// <summary>A part of what a topic holds.</summary>
/// <param name="Events">
/// The events, in order, each with its place. None: there is none. Behind the last one there may be more, unless its position
/// is <paramref name="Last"/>.
/// </param>
/// <param name="Last">
/// The position of the last event that the topic ever had, kept or not, looked up before the events; 0: not known.
/// </param>
/// <param name="Horizon">
/// The position up to which the journal may have forgotten topics as a whole, so that an unknown topic may have had events up to there.
/// </param>
public sealed record JournalPage(IReadOnlyList<TealEvent> Events, long Last, long Horizon)
{
    /// <summary>
    /// Whether events behind <paramref name="after"/> are not kept any more, or may not be; never for 0, which asks for what there is.
    /// </summary>
    public bool HasGap(long after)
    {
        if (after == 0) return false;
        if (Events.Count > 0) return Events[0].Place.Previous is var previous && (previous > after || (previous == 0 && Horizon > after));
        return Last > after || (Last == 0 && Horizon > after);
    }
}
