namespace Teal.Host.Configuration;

/// <summary>One key under <c>Teal</c>.</summary>
/// <param name="Key">The key, without <c>Teal:</c>.</param>
/// <param name="Default">What holds where nothing is set, as it would be written; empty: nothing.</param>
/// <param name="Example">A value that is right, for messages.</param>
/// <param name="Meaning">What it does, in a few words.</param>
/// <param name="Type">The values that it takes.</param>
internal sealed record Setting(string Key, string Default, string Example, string Meaning, SettingType Type)
{
    /// <summary>Environment variables that do the same, the original's among them; the last that is there counts.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>Whether the value is a list: an array in JSON, elsewhere separated by commas.</summary>
    public bool IsList { get; init; }

    /// <summary>Whether the value is a map: an object in JSON, elsewhere one entry as <c>key=value</c>. Entries are applied joined by NUL.</summary>
    public bool IsMap { get; init; }

    /// <summary>Whether a message must not repeat the value.</summary>
    public bool IsSecret { get; init; }
}
