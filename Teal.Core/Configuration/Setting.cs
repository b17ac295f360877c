namespace Teal.Core.Configuration;

/// <summary>One key under <c>Teal</c>. Its default is what <typeparamref name="TOptions"/> have when nothing was set.</summary>
/// <param name="Key">The key, without <c>Teal:</c>.</param>
/// <param name="Example">A value that is right, for messages.</param>
/// <param name="Meaning">What it does, in a few words.</param>
/// <param name="Type">The values that it takes.</param>
/// <typeparam name="TOptions">The options that hold the value.</typeparam>
public sealed record Setting<TOptions>(string Key, string Example, string Meaning, SettingType<TOptions> Type)
{
    /// <summary>Environment variables that do the same, the original's among them; the last that is there counts.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>Keys that it had before, which still count where the key itself is not set.</summary>
    public IReadOnlyList<string> FormerKeys { get; init; } = [];

    /// <summary>Whether the value is a list: an array in JSON, elsewhere separated by commas.</summary>
    public bool IsList { get; init; }

    /// <summary>
    /// Whether the value is a map: an object in JSON, elsewhere one entry as <c>key=value</c>. Entries are applied joined by NUL. The keys
    /// of a map of objects are paths, such as <c>anna:Role</c>.
    /// </summary>
    public bool IsMap { get; init; }

    /// <summary>Whether a message must not repeat the value.</summary>
    public bool IsSecret { get; init; }

    /// <summary>Whether a reload of the settings applies it to a process that runs; others count from the next start on.</summary>
    public bool IsLive { get; init; }

    /// <summary>The same setting of larger options, of which those are a part.</summary>
    public Setting<TWhole> In<TWhole>(Func<TWhole, TOptions> part) =>
        new(Key, Example, Meaning, Type.In(part))
        {
            Aliases = Aliases,
            FormerKeys = FormerKeys,
            IsList = IsList,
            IsMap = IsMap,
            IsSecret = IsSecret,
            IsLive = IsLive,
        };
}
