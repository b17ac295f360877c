namespace Teal.Core.Journal;

/// <summary>The journal has no room for another event; its message names the setting.</summary>
public sealed class JournalFullException(string message) : Exception(message)
{
    /// <summary>As many events of the kind as there may be.</summary>
    public static JournalFullException TooMany() => new("The journal keeps as many events of this kind as Teal:Journal:MaximumEvents allows.");

    /// <summary>As many bytes of the kind as there may be.</summary>
    public static JournalFullException TooBig(string setting) => new($"The journal's events of this kind take as much room as Teal:Journal:{setting} allows.");
}
