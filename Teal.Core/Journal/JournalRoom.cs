using Teal.Core.Events;

namespace Teal.Core.Journal;

/// <summary>What a journal bounds on its own (specification 7.1): who fills one room takes nothing from the others.</summary>
/// <param name="Number">The number in databases: a storage format.</param>
public readonly record struct JournalRoom(byte Number)
{
    /// <summary>Events of states that say themselves where they lead, and that were claimed.</summary>
    public static readonly JournalRoom Freestanding = new(3);

    /// <summary>All that nobody asked for, whatever its kind.</summary>
    public static readonly JournalRoom Unclaimed = new(4);

    /// <summary>The room of a kind: what is invited, or claimed where that is no matter of states.</summary>
    public static JournalRoom Of(EventKind kind) =>
        // The two others stand between the first kinds and later ones.
        new((byte)(kind.Number < Freestanding.Number ? kind.Number : kind.Number + 2));

    /// <summary>The room of a topic.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="isInvited">Whether an event of it was invited.</param>
    /// <param name="isClaimed">Whether it was claimed.</param>
    public static JournalRoom Of(EventKind kind, bool isInvited, bool isClaimed) =>
        isInvited ? Of(kind) : !isClaimed ? Unclaimed : kind.HasStates ? Freestanding : Of(kind);
}
