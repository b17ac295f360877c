namespace Teal.Core.Journal;

/// <summary>How an event is to be kept.</summary>
/// <param name="Until">When it may be forgotten, UTC.</param>
/// <param name="IsInvited">
/// Whether the listener knows that somebody asked for it: its state is stored, or its domain has a secret. Of others the journal looks
/// whether they were claimed (<see cref="IEventJournal.ClaimAsync"/>).
/// </param>
public readonly record struct EventRetention(DateTime Until, bool IsInvited);
