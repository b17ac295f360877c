namespace Teal.Dispatcher.Registrations;

/// <summary>Where a registration's events begin.</summary>
/// <param name="Position">Behind this position; 0: with the earliest that is kept.</param>
/// <param name="IsInstant">Whether the position is an instant that the client chose, or that of its registering.</param>
/// <param name="Claimed">
/// The position where the client says that it was, and that this journal never gave to anybody: events may be missing for it,
/// and it is told so. Null: there is nothing to tell.
/// </param>
internal readonly record struct Beginning(long Position, bool IsInstant, long? Claimed = null);
