using System.Diagnostics.CodeAnalysis;
using System.Text;
using Teal.Core.Kinds;

namespace Teal.Core.Identities;

/// <summary>
/// One thing that an account may do (specification 8): an act, and where it needs them a kind and a pattern of keys, as in
/// <c>read callback:*</c>, <c>call fn.*</c> and <c>admin</c>. In a pattern <c>*</c> is any run of characters. Upper and lower case are
/// different, in keys too. A pattern without a star is a key as clients may write it: <c>read powens:budgea</c> is
/// <c>read powens:budgea.biapi.pro</c>.
/// </summary>
public sealed class Permission : IEquatable<Permission>
{
    /// <summary>The longest text of a permission, in characters.</summary>
    public const int MaximumLength = 1024;

    // Of what somebody wrote, so much stands in a fault at most.
    private const int QuotedLength = 32;

    private readonly KeyPattern? _pattern;

    private Permission(ActForm form, string? kind = null, KeyPattern? pattern = null)
    {
        _pattern = pattern;
        Act = form.Act;
        Kind = kind;
        Text = pattern is null ? form.Name : kind is null ? $"{form.Name} {pattern.Text}" : $"{form.Name} {kind}:{pattern.Text}";
    }

    /// <summary>What may be done.</summary>
    public Act Act { get; }

    /// <summary>The kind that it may be done with, by its short name; null: the act has none.</summary>
    public string? Kind { get; }

    /// <summary>The permission as a text. It may hold a key, which is a secret.</summary>
    public string Text { get; }

    /// <summary>Reads a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="permission">What it says.</param>
    /// <param name="fault">
    /// What is wrong with the text, in words that follow the name of what it is the value of; its pattern is not repeated. Null: nothing.
    /// </param>
    public static bool TryParse(string text, [NotNullWhen(true)] out Permission? permission, out string? fault)
    {
        (permission, fault) = FaultOf(text) is { } wrong ? (null, wrong) : Parse(text);
        if (permission?.Text.Length > MaximumLength) (permission, fault) = (null, TooLong);
        return permission is not null;
    }

    /// <inheritdoc/>
    public bool Equals(Permission? other) => Text == other?.Text;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Permission);

    /// <inheritdoc/>
    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    /// <summary>Act and kind alone: a key has no place in a log.</summary>
    public override string ToString() => Kind is null ? ActForm.Of(Act).Name : $"{ActForm.Of(Act).Name} {Kind}";

    /// <summary>Whether it lets something be done.</summary>
    /// <param name="act">What is to be done.</param>
    /// <param name="kind">The kind that it is done with, by its short name; null: the act has none.</param>
    /// <param name="key">The key that it is done with, as topics have it, or the procedure's name; null: the act has none.</param>
    internal bool Allows(Act act, string? kind, string? key) =>
        (Act == act || (Act == Act.ReadAny && act == Act.Read)) && Kind == kind
        && (_pattern is null ? key is null : key is not null && _pattern.Matches(key));

    private static string TooLong => $"must have at most {MaximumLength} characters";

    private static string? FaultOf(string text)
    {
        if (text.Length > MaximumLength) return TooLong;
        if (text.EnumerateRunes().Any(static rune => rune == Rune.ReplacementChar || Rune.IsControl(rune)))
            return "must have no control characters, and nothing that is no Unicode";
        return text.Trim().Length < text.Length ? "must have no white space at its beginning and its end" : null;
    }

    private static (Permission? Permission, string? Fault) Parse(string text)
    {
        var (name, rest) = Split(text, ' ');
        if (ActForm.ByName(name) is not { } form)
        {
            var names = string.Join(", ", ActForm.All.Select(static known => known.Name));
            return (null, $"must begin with one of {names}; {Quote(name)} is none of them");
        }

        if (!form.HasPattern) return rest is null ? (new Permission(form), null) : (null, $"must be {form.Name} alone");
        if (form.Kinds.Count == 0)
        {
            return FaultOfPattern(rest, form.Name) is { } fault
                ? (null, $"{fault}, such as {form.Example}") : (new Permission(form, null, new KeyPattern(rest!)), null);
        }

        var (kind, key) = Split(rest ?? "", ':');
        if (key is null) return (null, $"must have KIND:PATTERN behind {form.Name}, such as {form.Example}");
        if (!form.Kinds.Contains(kind))
            return (null, $"must have one of {string.Join(", ", form.Kinds)} behind {form.Name}; {Quote(kind)} is none of them");
        if (FaultOfPattern(key, $"{form.Name} {kind}:") is { } wrong) return (null, $"{wrong}, such as *, which is any key");

        var pattern = new KeyPattern(key);
        if (pattern.IsKey && EventKinds.ByShortName(kind) is { } known) pattern = new KeyPattern(known.NormalizeKey(key));
        return (new Permission(form, kind, pattern), null);
    }

    // A blank too many would make it a pattern of other keys than was meant.
    private static string? FaultOfPattern(string? pattern, string before) =>
        string.IsNullOrEmpty(pattern) ? $"must have a pattern behind {before}"
        : char.IsWhiteSpace(pattern[0]) ? $"must have no further white space behind {before}, but a pattern" : null;

    private static (string First, string? Behind) Split(string text, char separator) =>
        text.IndexOf(separator, StringComparison.Ordinal) is >= 0 and var place ? (text[..place], text[(place + 1)..]) : (text, null);

    private static string Quote(string text)
    {
        if (text.Length <= QuotedLength) return $"\"{text}\"";

        var length = char.IsHighSurrogate(text[QuotedLength - 1]) ? QuotedLength - 1 : QuotedLength;
        return $"\"{text[..length]}…\"";
    }
}
