namespace Teal.Core.Identities;

/// <summary>
/// A pattern of keys, in which <c>*</c> is any run of characters, none included. All else stands for itself, in its case: keys are
/// compared exactly, code unit by code unit. A key's own <c>*</c> cannot be asked for.
/// </summary>
internal sealed class KeyPattern
{
    private const char Any = '*';

    // What stands between the stars. All but the first and the last have something in them.
    private readonly string[] _parts;

    /// <summary>From its text. Stars in a row are one.</summary>
    public KeyPattern(string text)
    {
        var parts = text.Split(Any);
        _parts = [.. parts.Where((part, i) => part.Length > 0 || i == 0 || i == parts.Length - 1)];
    }

    /// <summary>Whether it is one key.</summary>
    public bool IsKey => _parts.Length == 1;

    /// <summary>Its text.</summary>
    public string Text => string.Join(Any, _parts);

    /// <summary>
    /// Whether it is a pattern of that key. The first place of each part is the best one, as more is left behind it, so nothing is ever
    /// tried again: the time is that of one search for each part, each in what the one before left.
    /// </summary>
    public bool Matches(ReadOnlySpan<char> key)
    {
        var (first, last) = (_parts[0], _parts[^1]);
        if (IsKey) return key.SequenceEqual(first);
        if (key.Length < first.Length + last.Length || !key.StartsWith(first) || !key.EndsWith(last)) return false;

        var rest = key[first.Length..^last.Length];
        foreach (var part in _parts.AsSpan(1, _parts.Length - 2))
        {
            var place = rest.IndexOf(part);
            if (place < 0) return false;

            rest = rest[(place + part.Length)..];
        }

        return true;
    }
}
