using System.Globalization;
using System.Text.RegularExpressions;
using Teal.Core.Wire;

namespace Teal.Listener.Powens;

/// <summary>
/// Reads <c>BI-Signature-Date</c>: ISO 8601 with a zone, in extended, basic and week form, as the original takes it
/// (specification 2.4).
/// </summary>
internal static partial class SignatureDate
{
    private const string NotIso = "Signature date is not ISO formatted";
    private const string NoZone = "Signature date is missing a timezone";

    /// <summary>
    /// The instant with its offset, <c>Z</c> as <c>+00:00</c>, six fractional digits where it has a fraction. Never throws.
    /// </summary>
    public static bool TryParse(string text, out string instant, out string fault)
    {
        instant = "";
        fault = NotIso;
        var match = Form().Match(text);
        if (!match.Success || DateOf(match) is not { } date) return false;

        // Put into the one form that the common reader takes.
        var extended = $"{date}T{TimeOf(match)}{match.Groups["zone"].Value}";
        if (!IsoInstant.TryParse(extended, out var parsed)) return false;

        fault = NoZone;
        instant = parsed.ToString();
        return parsed.Offset is not null;
    }

    private static string? DateOf(Match match)
    {
        var year = match.Groups["year"].Value;
        if (!match.Groups["week"].Success) return $"{year}-{match.Groups["month"].Value}-{match.Groups["day"].Value}";

        var day = match.Groups["weekday"].Success ? int.Parse(match.Groups["weekday"].Value, CultureInfo.InvariantCulture) : 1;
        var number = int.Parse(year, CultureInfo.InvariantCulture);
        var week = int.Parse(match.Groups["week"].Value, CultureInfo.InvariantCulture);
        if (number is 0 or 9999 || week == 0 || week > ISOWeek.GetWeeksInYear(number)) return null;

        return ISOWeek.ToDateTime(number, week, (DayOfWeek)(day % 7)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
    }

    private static string TimeOf(Match match)
    {
        string Part(string name) => match.Groups[name].Success ? match.Groups[name].Value : "00";
        var fraction = match.Groups["fraction"].Success ? $".{match.Groups["fraction"].Value}" : "";
        return $"{Part("hour")}:{Part("minute")}:{Part("second")}{fraction}";
    }

    [GeneratedRegex("""
        ^(?<year>[0-9]{4})
        (?: -(?<month>[0-9]{2})-(?<day>[0-9]{2}) | (?<month>[0-9]{2})(?<day>[0-9]{2}) | -?W(?<week>[0-9]{2})(?:-?(?<weekday>[1-7]))? )
        (?: [T\x20] (?<hour>[0-9]{2})
            (?: :(?<minute>[0-9]{2}) (?: :(?<second>[0-9]{2}) (?: [.,](?<fraction>[0-9]+) )? )?
              | (?<minute>[0-9]{2}) (?: (?<second>[0-9]{2}) (?: [.,](?<fraction>[0-9]+) )? )? )?
            (?<zone> Z | [+-][0-9]{2}(?: :?[0-9]{2} )? )? )?\z
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
