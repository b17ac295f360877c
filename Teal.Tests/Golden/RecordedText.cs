using System.Globalization;
using System.Text.RegularExpressions;

namespace Teal.Tests.Golden;

/// <summary>
/// Fills in what the record stands for: <c>&lt;T+Ns|shape&gt;</c> is an instant, <c>…&lt;N chars total&gt;…</c> a long run of
/// one character, or of one and then the other, that was cut out.
/// </summary>
internal static partial class RecordedText
{
    private const int Period = 4;
    private const string Uuid = "0b5f2c1e-6a3d-4f7b-9c8e-1d2a3b4c5d6e";

    /// <summary>A frame that was received, at <paramref name="now"/>: its characters were counted with the stand-ins in it.</summary>
    public static string RenderReceived(string text, DateTime now) => Render(Fill(text), now);

    /// <summary>Any other text at <paramref name="now"/>.</summary>
    public static string Render(string text, DateTime now)
    {
        var rendered = Instant().Replace(text, match => Format(
            now.AddSeconds(double.Parse(match.Groups["seconds"].ValueSpan, CultureInfo.InvariantCulture)), match.Groups["shape"].Value));
        return Fill(rendered.Replace("<uuid4>", Uuid, StringComparison.Ordinal));
    }

    private static string Fill(string text)
    {
        var match = Elision().Match(text);
        if (!match.Success) return text;

        var (before, after) = (text[..match.Index], text[(match.Index + match.Length)..]);
        var missing = int.Parse(match.Groups["total"].ValueSpan, CultureInfo.InvariantCulture) - before.Length - after.Length;
        if (before[^Period..] == after[..Period]) return before + Repeat(before[^Period..], missing) + after;

        // Two runs of one length, such as brackets that open and close.
        var (first, second) = (1 + LengthOfRun(before.Reverse()), 1 + LengthOfRun(after));
        var half = ((first + missing + second) / 2) - first;
        var back = string.Concat(Repeat(string.Concat(after[..Period].Reverse()), missing - half).Reverse());
        return before + Repeat(before[^Period..], half) + back + after;
    }

    // Base64 repeats itself every four characters.
    private static string Repeat(string unit, int length) => string.Concat(Enumerable.Range(0, length).Select(i => unit[i % Period]));

    private static int LengthOfRun(IEnumerable<char> text)
    {
        var characters = text.ToArray();
        var length = 0;
        while (length + Period < characters.Length && characters[length] == characters[length + Period]) length++;
        return length + Period - 1;
    }

    private static string Format(DateTime instant, string shape) => shape switch
    {
        "|s" => Written(instant, "yyyy-MM-ddTHH:mm:ss"),
        "|f6" => Written(instant, "yyyy-MM-ddTHH:mm:ss.ffffff"),
        "|f7" => Written(instant, "yyyy-MM-ddTHH:mm:ss.ffffff") + "7",
        "|s+02:00" => Written(instant.AddHours(2), "yyyy-MM-ddTHH:mm:ss") + "+02:00",
        " minutes" => Written(instant, "yyyy-MM-ddTHH:mm"),
        " lowercase t z" => Written(instant, "yyyy-MM-dd't'HH:mm:ss'z'"),
        " epoch_ms" => UnixSeconds(instant) + "000",
        " epoch_str" => UnixSeconds(instant),
        _ => throw new InvalidDataException($"An unknown shape of an instant: '{shape}'"),
    };

    private static string Written(DateTime instant, string pattern) => instant.ToString(pattern, CultureInfo.InvariantCulture);

    private static string UnixSeconds(DateTime instant) =>
        new DateTimeOffset(instant).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"<T(?<seconds>[+-]\d+)s(?<shape>[^>]+)>")]
    private static partial Regex Instant();

    [GeneratedRegex(@"\.\.\.<(?<total>\d+) chars total>\.\.\.")]
    private static partial Regex Elision();
}
