using System.Text;

namespace Teal.Core.Addresses.Idna;

/// <summary>Labels in ASCII (RFC 3492), without their <c>xn--</c>.</summary>
internal static class Punycode
{
    private const int Base = 36, Least = 1, Most = 26, Skew = 38, Damp = 700, FirstBias = 72, FirstCodePoint = 0x80;
    private const string Digits = "abcdefghijklmnopqrstuvwxyz0123456789";

    /// <summary>A label of at most some hundred code points, in ASCII.</summary>
    public static string Encode(IReadOnlyList<int> label)
    {
        var output = new StringBuilder();
        foreach (var codePoint in label.Where(static codePoint => codePoint < FirstCodePoint)) output.Append((char)codePoint);

        int basic = output.Length, handled = basic, next = FirstCodePoint, delta = 0, bias = FirstBias;
        if (basic > 0) output.Append('-');
        while (handled < label.Count)
        {
            var least = label.Where(codePoint => codePoint >= next).Min();
            delta += (least - next) * (handled + 1);
            next = least;
            foreach (var codePoint in label)
            {
                if (codePoint < next) delta++;
                if (codePoint != next) continue;

                var rest = delta;
                for (var k = Base; ; k += Base)
                {
                    var threshold = Math.Clamp(k - bias, Least, Most);
                    if (rest < threshold) break;

                    output.Append(Digits[threshold + ((rest - threshold) % (Base - threshold))]);
                    rest = (rest - threshold) / (Base - threshold);
                }

                output.Append(Digits[rest]);
                bias = Adapt(delta, ++handled, handled - 1 == basic);
                delta = 0;
            }

            delta++;
            next++;
        }

        return output.ToString();
    }

    /// <summary>The label; null: this is none.</summary>
    /// <param name="text">ASCII, in lower case.</param>
    public static List<int>? Decode(string text)
    {
        // The last hyphen ends what is ASCII; with nothing before it, it is none that is expected.
        var basic = Math.Max(text.LastIndexOf('-'), 0);
        var label = text[..basic].Select(static character => (int)character).ToList();
        long index = 0, codePoint = FirstCodePoint;
        var bias = FirstBias;
        for (var position = basic > 0 ? basic + 1 : 0; position < text.Length;)
        {
            var before = index;
            long weight = 1;
            for (var k = Base; ; k += Base)
            {
                var digit = position < text.Length ? Digits.IndexOf(text[position++], StringComparison.Ordinal) : -1;
                if (digit < 0) return null;

                index += digit * weight;
                var threshold = Math.Clamp(k - bias, Least, Most);
                if (digit < threshold) break;

                weight *= Base - threshold;
                if (index > int.MaxValue || weight > int.MaxValue) return null;
            }

            bias = Adapt(index - before, label.Count + 1, before == 0);
            codePoint += index / (label.Count + 1);
            index %= label.Count + 1;
            if (codePoint > int.MaxValue || !Rune.IsValid((int)codePoint)) return null;

            label.Insert((int)index++, (int)codePoint);
        }

        return label;
    }

    private static int Adapt(long delta, int count, bool isFirst)
    {
        delta = isFirst ? delta / Damp : delta / 2;
        delta += delta / count;
        var k = 0;
        for (; delta > (Base - Least) * Most / 2; k += Base) delta /= Base - Least;
        return (int)(k + ((Base - Least + 1) * delta / (delta + Skew)));
    }
}
