using Teal.Core.Journal;

namespace Teal.Dispatcher.Registrations;

/// <summary>
/// Events that are not kept any more, as a client is told of them. Of those of others it is told what it would be told if there had never
/// been any.
/// </summary>
/// <param name="After">The position behind which they are missing.</param>
/// <param name="UpTo">The position up to which they may be.</param>
internal readonly record struct JournalGap(long After, long UpTo)
{
    /// <summary>
    /// Whether <see cref="Find"/> can find one. Where it can, and the registration's sight is limited, it has to know whose the topic's
    /// last event was.
    /// </summary>
    public static bool IsPossible(Registration registration, JournalPage page) =>
        !registration.IsAtInstant
        && (page.HasGap(registration.Position) || (registration.Sight.IsLimited && page.Horizon > registration.Cursor));

    /// <summary>The gap in front of a page; null: there is none.</summary>
    /// <param name="registration">The registration, which is where the page was read from.</param>
    /// <param name="page">The page.</param>
    /// <param name="lastOwner">Whose the topic's last event was (<see cref="IEventJournal.FindOwnerAsync"/>).</param>
    public static JournalGap? Find(Registration registration, JournalPage page, string? lastOwner)
    {
        if (registration.IsAtInstant) return null;

        // What is not kept is taken for the last one's owner's.
        if (!registration.Sight.Sees(lastOwner)) return FindAmongOthers(registration, page);
        return page.HasGap(registration.Position) ? new JournalGap(registration.Cursor, EndOf(page)) : null;
    }

    /// <summary>Whether a page is the last one.</summary>
    public static bool IsEnd(JournalPage page) => page.Events.Count == 0 || page.Events[^1].Place.Position >= page.Last;

    // As of a topic that never had others than those events that are seen.
    private static JournalGap? FindAmongOthers(Registration registration, JournalPage page)
    {
        var after = registration.Cursor;
        if (after == 0 || page.Horizon <= after) return null;

        var first = page.Events.FirstOrDefault(seen => registration.Sight.Sees(seen.Owner))?.Place;
        if (first is null) return IsEnd(page) ? new JournalGap(after, page.Horizon) : null;
        return first.Value.Previous == 0 ? new JournalGap(after, first.Value.Position - 1) : null;
    }

    private static long EndOf(JournalPage page)
    {
        if (page.Events.Count == 0) return page.Last > 0 ? page.Last : page.Horizon;

        var first = page.Events[0].Place;
        return first.Previous > 0 ? first.Previous : first.Position - 1;
    }
}
