namespace Teal.Core.Addresses.Idna;

/// <summary>
/// Unicode's normalization form C, of names that are mapped: without the characters that form C replaces by others, which the mapping does.
/// In this process <c>string.Normalize</c> does nothing, as it is without ICU.
/// </summary>
internal static class Composition
{
    // Hangul syllables are composed by arithmetic (Unicode, section 3.12).
    private const int SyllableBase = 0xAC00, LeadBase = 0x1100, VowelBase = 0x1161, TrailBase = 0x11A7;
    private const int Leads = 19, Vowels = 21, Trails = 28, Syllables = Leads * Vowels * Trails;

    /// <summary>The same text in form C.</summary>
    public static List<int> Compose(IReadOnlyList<int> text)
    {
        var data = IdnaData.Shared;
        var decomposed = new List<int>(text.Count * 2);
        foreach (var codePoint in text) Decompose(data, codePoint, decomposed);

        // One character that the next may join, and the marks behind it that it did not take.
        var composed = new List<int>(decomposed.Count);
        var starter = -1;
        var last = 0;
        foreach (var codePoint in decomposed)
        {
            var order = data.CombiningClass(codePoint);
            var isNext = starter >= 0 && (starter == composed.Count - 1 || (last != 0 && last < order));
            if (isNext && Pair(data, composed[starter], codePoint) is { } pair)
            {
                composed[starter] = pair;
                continue;
            }

            composed.Add(codePoint);
            last = order;
            if (order == 0) starter = composed.Count - 1;
        }

        return composed;
    }

    private static void Decompose(IdnaData data, int codePoint, List<int> target)
    {
        if (codePoint - SyllableBase is >= 0 and < Syllables and var syllable)
        {
            target.Add(LeadBase + (syllable / (Vowels * Trails)));
            target.Add(VowelBase + (syllable / Trails % Vowels));
            if (syllable % Trails is > 0 and var trail) target.Add(TrailBase + trail);
            return;
        }

        if (data.Decomposition(codePoint) is var (first, second))
        {
            Decompose(data, first, target);
            Decompose(data, second, target);
            return;
        }

        // Marks stand in the order of their classes; those of one class as they came.
        var order = data.CombiningClass(codePoint);
        var index = target.Count;
        while (order > 0 && index > 0 && data.CombiningClass(target[index - 1]) > order) index--;
        target.Insert(index, codePoint);
    }

    private static int? Pair(IdnaData data, int first, int second)
    {
        if (first - LeadBase is >= 0 and < Leads and var lead && second - VowelBase is >= 0 and < Vowels and var vowel)
            return SyllableBase + (((lead * Vowels) + vowel) * Trails);
        if (first - SyllableBase is >= 0 and < Syllables and var syllable && syllable % Trails == 0
            && second - TrailBase is > 0 and < Trails and var trail)
            return first + trail;
        return data.Composition(first, second);
    }
}
