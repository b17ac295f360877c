using System.Text;

namespace Teal.Core.Addresses.Idna;

/// <summary>
/// Domain names with characters beyond ASCII, as browsers read them: UTS #46, non-transitional, with its checks of joiners and of
/// right-to-left text, and without those of hyphens and of what ASCII a name may have.
/// </summary>
internal static class DomainName
{
    private const string Prefix = "xn--";
    private const int LongestLabel = 63;

    // Twice as many as ASCII has room for, as some may be composed.
    private const int Longest = 512;

    /// <summary>The name in ASCII and lower case; null: browsers take it for none. Labels are not looked at beyond that.</summary>
    public static string? ToAscii(string name)
    {
        if (Map(name) is not { } mapped) return null;

        var decoded = new List<List<int>>();
        var ascii = new List<string>();
        foreach (var text in Composition.Compose(mapped).ToText().Split('.'))
        {
            var label = text.ToCodePoints();
            if (text.StartsWith(Prefix, StringComparison.Ordinal))
            {
                if (text.Length > LongestLabel || Punycode.Decode(text[Prefix.Length..]) is not { } found
                    || found.TrueForAll(static codePoint => codePoint < 0x80))
                    return null;
                label = found;
            }

            if (label.Count > LongestLabel || !LabelRules.IsValid(label)) return null;

            var encoded = Ascii.IsValid(text) ? text : Prefix + Punycode.Encode(label);
            if (encoded.Length > LongestLabel) return null;

            decoded.Add(label);
            ascii.Add(encoded);
        }

        if (decoded.Exists(LabelRules.RunsLeft) && !decoded.TrueForAll(LabelRules.KeepsDirection)) return null;

        var whole = string.Join('.', ascii);
        return whole.Length > Longest ? null : whole;
    }

    private static List<int>? Map(string name)
    {
        var mapped = new List<int>(name.Length);
        foreach (var rune in name.EnumerateRunes())
        {
            if (IdnaData.Shared.Mapping(rune.Value) is { } mapping) mapped.AddRange(mapping);
            else mapped.Add(rune.Value);
            if (mapped.Count > Longest) return null;
        }

        return mapped;
    }

    private static string ToText(this List<int> codePoints) => string.Concat(codePoints.Select(char.ConvertFromUtf32));

    private static List<int> ToCodePoints(this string text) => [.. text.EnumerateRunes().Select(static rune => rune.Value)];
}
