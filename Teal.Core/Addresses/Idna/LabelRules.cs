using System.Globalization;

namespace Teal.Core.Addresses.Idna;

/// <summary>What a label must keep to (UTS #46, section 4.1), as browsers look at it.</summary>
internal static class LabelRules
{
    private const int NonJoiner = 0x200C, Joiner = 0x200D;
    private const byte Virama = 9;

    /// <summary>
    /// Whether a label, decoded, is one that browsers take: mapped, normalized, of valid characters, joiners where they belong.
    /// </summary>
    public static bool IsValid(List<int> label) =>
        label.TrueForAll(IdnaData.Shared.IsValid)
        && Composition.Compose(label).SequenceEqual(label)
        && !(label is [var first, ..] && IsMark(first))
        && Enumerable.Range(0, label.Count).All(i => IsAllowed(label, i));

    /// <summary>
    /// Whether a name with this label is one that runs from right to left, so that all its labels must keep to
    /// <see cref="KeepsDirection"/>.
    /// </summary>
    public static bool RunsLeft(List<int> label) =>
        label.Exists(static codePoint => IdnaData.Shared.BidiClass(codePoint) is BidiClass.R or BidiClass.AL or BidiClass.AN);

    /// <summary>The Bidi rule (RFC 5893, section 2): no label changes its look with what stands beside it.</summary>
    public static bool KeepsDirection(List<int> label)
    {
        if (label.Count == 0) return true;

        var classes = label.ConvertAll(IdnaData.Shared.BidiClass);
        var end = classes.FindLast(static bidi => bidi != BidiClass.NSM);
        if (classes[0] == BidiClass.L)
        {
            return end is BidiClass.L or BidiClass.EN && classes.TrueForAll(static bidi =>
                bidi is BidiClass.L or BidiClass.EN or BidiClass.ES or BidiClass.CS
                    or BidiClass.ET or BidiClass.ON or BidiClass.BN or BidiClass.NSM);
        }

        return classes[0] is BidiClass.R or BidiClass.AL
            && end is BidiClass.R or BidiClass.AL or BidiClass.EN or BidiClass.AN
            && !(classes.Contains(BidiClass.EN) && classes.Contains(BidiClass.AN))
            && !classes.Contains(BidiClass.L) && !classes.Contains(BidiClass.X);
    }

    // Joiners show nothing themselves; they are allowed where writing needs them (RFC 5892, appendix A).
    private static bool IsAllowed(List<int> label, int index)
    {
        if (label[index] is not (NonJoiner or Joiner)) return true;
        if (index > 0 && IdnaData.Shared.CombiningClass(label[index - 1]) == Virama) return true;

        return label[index] == NonJoiner && Neighbour(label, index, -1) is 'L' or 'D' && Neighbour(label, index, +1) is 'R' or 'D';
    }

    // The joining type of the next character in a direction that is not transparent.
    private static char Neighbour(List<int> label, int index, int step)
    {
        for (index += step; index >= 0 && index < label.Count; index += step)
        {
            if (IdnaData.Shared.JoiningType(label[index]) is not 'T' and var type) return type;
        }

        return 'U';
    }

    private static bool IsMark(int codePoint) =>
        CharUnicodeInfo.GetUnicodeCategory(codePoint)
            is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark;
}
