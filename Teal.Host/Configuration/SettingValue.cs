using System.Globalization;
using System.Net;
using Teal.Core.Addresses;
using Teal.Core.Events;
using Teal.Listener.Powens;
using Teal.Redis;

namespace Teal.Host.Configuration;

/// <summary>Makes the <see cref="Setting.Apply"/> functions of the value types that settings have.</summary>
internal static class SettingValue
{
    private static readonly (string Suffix, long Factor)[] Sizes = [("KiB", 1024), ("MiB", 1024 * 1024), ("GiB", 1024 * 1024 * 1024), ("B", 1)];

    private static readonly (string Suffix, TimeSpan Factor)[] Durations =
    [
        ("ms", TimeSpan.FromMilliseconds(1)), ("days", TimeSpan.FromDays(1)), ("day", TimeSpan.FromDays(1)), ("d", TimeSpan.FromDays(1)),
        ("h", TimeSpan.FromHours(1)), ("min", TimeSpan.FromMinutes(1)), ("m", TimeSpan.FromMinutes(1)), ("s", TimeSpan.FromSeconds(1)),
    ];

    /// <summary>A text as it is.</summary>
    public static Func<TealOptions, string, string?> Text(Action<TealOptions, string> set) => (options, text) =>
    {
        set(options, text);
        return null;
    };

    /// <summary>The path of a folder, absolute or below the working folder.</summary>
    public static Func<TealOptions, string, string?> Folder(Action<TealOptions, string> set) => (options, text) =>
    {
        if (string.IsNullOrWhiteSpace(text)) return "must not be empty";

        set(options, text);
        return null;
    };

    /// <summary>One of the names of an enumeration, in any case; empty: not set.</summary>
    public static Func<TealOptions, string, string?> Choice<T>(Action<TealOptions, T> set) where T : struct, Enum => (options, text) =>
    {
        if (text.Length == 0) return null;
        if (!TryChoice<T>(text, out var value)) return OneOf<T>();

        set(options, value);
        return null;
    };

    /// <summary>Names of an enumeration, separated by commas; at least one.</summary>
    public static Func<TealOptions, string, string?> Choices<T>(Action<TealOptions, IReadOnlySet<T>> set) where T : struct, Enum => (options, text) =>
    {
        var values = new HashSet<T>();
        foreach (var name in Split(text))
        {
            if (!TryChoice<T>(name, out var value)) return OneOf<T>();
            values.Add(value);
        }

        if (values.Count == 0) return OneOf<T>();
        set(options, values);
        return null;
    };

    /// <summary><c>true</c> or <c>false</c>; the original's <c>1</c>, <c>yes</c>, <c>on</c> and their opposites are taken too.</summary>
    public static Func<TealOptions, string, string?> Boolean(Action<TealOptions, bool> set) => (options, text) =>
    {
        bool? value = text.ToUpperInvariant() switch
        {
            "TRUE" or "1" or "YES" or "ON" => true,
            "FALSE" or "0" or "NO" or "OFF" => false,
            _ => null,
        };
        if (value is null) return "must be true or false";

        set(options, value.Value);
        return null;
    };

    /// <summary>A whole number.</summary>
    public static Func<TealOptions, string, string?> Count(int least, int most, Action<TealOptions, int> set) => (options, text) =>
    {
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) || value < least || value > most)
            return string.Create(CultureInfo.InvariantCulture, $"must be a whole number from {least} to {most}");

        set(options, value);
        return null;
    };

    /// <summary>A number of bytes, with or without a unit: <c>65536</c>, <c>64 KiB</c>, <c>1 MiB</c>.</summary>
    public static Func<TealOptions, string, string?> Size(int least, int most, Action<TealOptions, int> set) => (options, text) =>
    {
        var (number, factor) = SplitUnit(text, Sizes, 1);
        if (!long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var value) || value > int.MaxValue || value * factor < least || value * factor > most)
            return string.Create(CultureInfo.InvariantCulture, $"must be a size from {least} bytes to {most} bytes");

        set(options, (int)(value * factor));
        return null;
    };

    /// <summary>A duration: <c>10 s</c>, <c>500 ms</c>, <c>7 days</c>, or as .NET writes it, <c>00:00:10</c>.</summary>
    public static Func<TealOptions, string, string?> Duration(TimeSpan least, TimeSpan most, Action<TealOptions, TimeSpan> set) => (options, text) =>
    {
        if (!TryDuration(text, out var value) || value < least || value > most) return $"must be a duration from {Words(least)} to {Words(most)}";

        set(options, value);
        return null;
    };

    /// <summary>Where a module listens.</summary>
    public static Func<TealOptions, string, string?> Bind(Action<TealOptions, BindAddress> set) => (options, text) =>
    {
        if (!BindAddress.TryParse(text, out var address, out var fault)) return fault;

        set(options, address!);
        return null;
    };

    /// <summary>An address as the outside sees it; empty: none.</summary>
    public static Func<TealOptions, string, string?> Public(Action<TealOptions, PublicUrl> set) => (options, text) =>
    {
        if (text.Length == 0) return null;
        if (!PublicUrl.TryParse(text, out var url, out var fault)) return fault;

        set(options, url!);
        return null;
    };

    /// <summary>IP addresses and networks, separated by commas.</summary>
    public static Func<TealOptions, string, string?> Networks(Action<TealOptions, IReadOnlyList<IPNetwork>> set) => (options, text) =>
    {
        var networks = new List<IPNetwork>();
        foreach (var part in Split(text))
        {
            if (IPNetwork.TryParse(part, out var network)) networks.Add(network);
            else if (IPAddress.TryParse(part, out var address)) networks.Add(new IPNetwork(address, address.GetAddressBytes().Length * 8));
            else return "must be IP addresses or networks, separated by commas";
        }

        set(options, networks);
        return null;
    };

    /// <summary>A StackExchange.Redis string or a Redis URL. The fault never repeats it: it may hold a password.</summary>
    public static Func<TealOptions, string, string?> RedisAddress(Action<TealOptions, string> set) => (options, text) =>
    {
        if (!RedisConfiguration.TryParse(text, out _, out var fault)) return fault;

        set(options, text);
        return null;
    };

    /// <summary>The address of a RabbitMQ broker. The fault never repeats it: it may hold a password.</summary>
    public static Func<TealOptions, string, string?> BrokerAddress(Action<TealOptions, Uri> set) => (options, text) =>
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("amqp" or "amqps") || uri.Host.Length == 0)
            return "must be a URL that starts with amqp:// or amqps:// and names a host";
        if (uri.Segments.Length > 2 || uri.Query.Length > 0 || uri.Fragment.Length > 0)
            return "must have nothing behind host and port but the virtual host, its slashes written as %2F";

        set(options, uri);
        return null;
    };

    /// <summary>Host names, possibly with <c>*.</c> in front, separated by commas.</summary>
    public static Func<TealOptions, string, string?> Hosts(Action<TealOptions, IReadOnlyList<HostPattern>> set) => (options, text) =>
    {
        var patterns = Split(text).Select(HostPattern.Parse).ToArray();
        if (Array.Exists(patterns, static pattern => pattern is null)) return "must be host names such as example.org or *.example.org, separated by commas";

        set(options, patterns!);
        return null;
    };

    /// <summary>Origins of pages (RFC 6454), such as <c>https://app.example.org</c>; <c>null</c>; <c>*</c>; separated by commas.</summary>
    public static Func<TealOptions, string, string?> Origins(Action<TealOptions, IReadOnlySet<string>> set) => (options, text) =>
    {
        var origins = Split(text).ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (!origins.All(IsOrigin)) return "must be scheme, host and port only, such as https://app.example.org, or null, or *, separated by commas";

        set(options, origins);
        return null;
    };

    /// <summary>Powens domains, with or without their suffix, and a secret for each.</summary>
    public static Func<TealOptions, string, string?> Secrets(Action<TealOptions, IReadOnlyDictionary<string, string>> set) => (options, text) =>
    {
        var secrets = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in text.Split('\0', StringSplitOptions.RemoveEmptyEntries))
        {
            if (entry.Split('=', 2) is not [{ Length: > 0 } domain, { Length: > 0 } secret]) return "must have a domain and a secret for each entry";
            secrets[PowensWebhookEvent.FullDomain(domain)] = secret;
        }

        set(options, secrets);
        return null;
    };

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

    // Other schemes than http are those of programs that show pages, such as browsers' extensions.
    private static bool IsOrigin(string text) =>
        text is "null" or "*" || (Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Host.Length > 0 && text.EndsWith($"://{uri.Authority}", StringComparison.OrdinalIgnoreCase));

    private static bool TryChoice<T>(string text, out T value) where T : struct, Enum =>
        Enum.TryParse(text, ignoreCase: true, out value) && Enum.IsDefined(value) && !char.IsAsciiDigit(text[0]);

    private static string OneOf<T>() where T : struct, Enum => $"must be {string.Join(" or ", Enum.GetNames<T>())}";

    private static string[] Split(string text) =>
        text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

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
