namespace Teal.Sqlite.Journal;

/// <summary>
/// What was said of all events of a topic at once, in one row, so that it costs the same for ten thousand of them as for one.
/// The events are seen to later, in steps.
/// </summary>
/// <param name="DeletedTo">Events up to this position are deleted, for readers at once; 0: none.</param>
/// <param name="KeptTo">
/// Events up to this position are kept until <paramref name="KeepUntil"/>, and not until their own end; 0: none.
/// </param>
/// <param name="KeepUntil">An end, as a position.</param>
internal readonly record struct TopicEnd(long DeletedTo, long KeptTo, long KeepUntil)
{
    /// <summary>Whether nothing was said, or all that was is done.</summary>
    public bool IsNothing => DeletedTo == 0 && KeptTo == 0;
}
