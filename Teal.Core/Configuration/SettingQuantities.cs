using System.Globalization;

namespace Teal.Core.Configuration;

/// <summary>Settings whose value is a number, a size or a duration.</summary>
public static class SettingQuantities
{
    /// <summary>1 ms.</summary>
    public static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);

    /// <summary>1 s.</summary>
    public static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    /// <summary>1 day.</summary>
    public static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private const string DurationPattern =
        "^([0-9]+([.][0-9]+)? *(ms|s|m|min|h|d|day|days)|([0-9]+[.])?[0-9]{1,2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,7})?)?)$";

    private static readonly (string Suffix, long Factor)[] Sizes =
        [("KiB", 1024), ("MiB", 1024 * 1024), ("GiB", 1024 * 1024 * 1024), ("B", 1)];

    private static readonly (string Suffix, TimeSpan Factor)[] Durations =
    [
        ("ms", Millisecond), ("days", Day), ("day", Day), ("d", Day),
        ("h", TimeSpan.FromHours(1)), ("min", TimeSpan.FromMinutes(1)), ("m", TimeSpan.FromMinutes(1)), ("s", Second),
    ];

    /// <summary>A whole number.</summary>
    public static SettingType<TOptions> Count<TOptions>(int least, int most, Func<TOptions, long> get, Action<TOptions, int> set)
    {
        var range = string.Create(CultureInfo.InvariantCulture, $"a whole number from {least} to {most}");
        return new((options, text) =>
        {
            if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) || value < least || value > most)
                return $"must be {range}";

            set(options, value);
            return null;
        }, options => get(options).ToString(CultureInfo.InvariantCulture), SettingForm.WholeNumber, Bounds: (least, most), Range: range);
    }

    /// <summary>A number of bytes, with or without a unit: <c>65536</c>, <c>64 KiB</c>, <c>1 MiB</c>.</summary>
    public static SettingType<TOptions> Size<TOptions>(int least, int most, Func<TOptions, long> get, Action<TOptions, int> set)
    {
        var range = string.Create(CultureInfo.InvariantCulture, $"a size from {least} bytes to {most} bytes");
        return new((options, text) =>
        {
            var (number, factor) = SplitUnit(text, Sizes, 1);
            if (!long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var value) || value > int.MaxValue
                || value * factor < least || value * factor > most)
            {
                return $"must be {range}";
            }

            set(options, (int)(value * factor));
            return null;
        }, options => Text(get(options)), SettingForm.TextOrWholeNumber, "^[0-9]+ *(B|KiB|MiB|GiB)?$", Bounds: (least, most), Range: range);
    }

    /// <summary>A duration: <c>10 s</c>, <c>500 ms</c>, <c>7 days</c>, or as .NET writes it, <c>00:00:10</c>.</summary>
    public static SettingType<TOptions> Duration<TOptions>(
        TimeSpan least, TimeSpan most, Func<TOptions, TimeSpan> get, Action<TOptions, TimeSpan> set)
    {
        var range = $"a duration from {Words(least)} to {Words(most)}";
        return new((options, text) =>
        {
            if (!TryDuration(text, out var value) || value < least || value > most) return $"must be {range}";

            set(options, value);
            return null;
        }, options => Text(get(options)), Pattern: DurationPattern, Range: range);
    }

    /// <summary>Reads a duration in one of the forms above.</summary>
    public static bool TryDuration(string text, out TimeSpan value)
    {
        var (number, factor) = SplitUnit(text, Durations, TimeSpan.Zero);
        if (factor == TimeSpan.Zero)
            return TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out value) && text.Contains(':', StringComparison.Ordinal);

        value = default;
        var isNumber = double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count);
        if (!isNumber || count * factor.TotalDays > 36500) return false;

        value = count * factor;
        return true;
    }

    // In the largest unit of which it is a whole number.
    private static string Text(long size)
    {
        var (suffix, factor) = Sizes.Where(unit => size % unit.Factor == 0).MaxBy(static unit => unit.Factor);
        return string.Create(CultureInfo.InvariantCulture, $"{size / factor} {suffix}");
    }

    private static string Text(TimeSpan duration)
    {
        var (suffix, factor) = Durations.Where(unit => duration.Ticks % unit.Factor.Ticks == 0).MaxBy(static unit => unit.Factor);
        return string.Create(CultureInfo.InvariantCulture, $"{duration / factor} {suffix}");
    }

    private static (string Number, T Factor) SplitUnit<T>(string text, (string Suffix, T Factor)[] units, T none)
    {
        foreach (var (suffix, factor) in units)
        {
            if (text.EndsWith(suffix, StringComparison.OrdinalIgnoreCase)) return (text[..^suffix.Length].TrimEnd(), factor);
        }

        return (text, none);
    }

    private static string Words(TimeSpan duration) => duration switch
    {
        { TotalDays: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{duration.TotalDays} days"),
        { TotalSeconds: >= 1 } or { Ticks: 0 } => string.Create(CultureInfo.InvariantCulture, $"{duration.TotalSeconds} s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{duration.TotalMilliseconds} ms"),
    };
}
