using System.Diagnostics.CodeAnalysis;

namespace Teal.Api.Keys;

/// <summary>A key that was made a moment ago.</summary>
internal sealed record MadeKey : KeyEntry
{
    /// <summary>A key with what is known of it.</summary>
    [SetsRequiredMembers]
    public MadeKey(KeyEntry entry, string key)
        : base(entry) => Key = key;

    /// <summary>The key itself, this once.</summary>
    public string Key { get; }

    /// <summary>The id alone: the key has no place in a log.</summary>
    public override string ToString() => Id;
}
