namespace Teal.Core.Journal;

/// <summary>The journal takes no further event now, or never one like this; its message names the setting.</summary>
public sealed class JournalFullException(string message) : Exception(message);
