using System.Globalization;
using System.Net;
using System.Text;
using Teal.Core.Addresses;
using Teal.Core.Hosting;
using Teal.Core.Kinds;
using Teal.Redis;

namespace Teal.Host.Configuration;

/// <summary>Makes the <see cref="SettingType"/>s that settings have.</summary>
internal static class SettingValue
{
    private const int LongestLogo = 256 * 1024;

    private static readonly byte[] PngStart = [0x89, .. "PNG"u8];
    private static readonly byte[] JpegStart = [0xFF, 0xD8, 0xFF];

    private static readonly Dictionary<string, string> Pictures = new()
    {
        [".svg"] = "image/svg+xml",
        [".png"] = "image/png",
        [".jpg"] = "image/jpeg",
        [".jpeg"] = "image/jpeg",
        [".webp"] = "image/webp",
    };

    private static readonly (string Suffix, long Factor)[] Sizes = [("KiB", 1024), ("MiB", 1024 * 1024), ("GiB", 1024 * 1024 * 1024), ("B", 1)];

    private static readonly (string Suffix, TimeSpan Factor)[] Durations =
    [
        ("ms", TimeSpan.FromMilliseconds(1)), ("days", TimeSpan.FromDays(1)), ("day", TimeSpan.FromDays(1)), ("d", TimeSpan.FromDays(1)),
        ("h", TimeSpan.FromHours(1)), ("min", TimeSpan.FromMinutes(1)), ("m", TimeSpan.FromMinutes(1)), ("s", TimeSpan.FromSeconds(1)),
    ];

    /// <summary>A text as it is.</summary>
    public static SettingType Text(Action<TealOptions, string> set) => new((options, text) =>
    {
        set(options, text);
        return null;
    });

    /// <summary>A password: a text without control characters, which HTTP's own form of it cannot have (RFC 7617 2).</summary>
    public static SettingType Password(Action<TealOptions, string> set) => new((options, text) =>
    {
        if (PasswordFault(text) is { } fault) return fault;

        set(options, text);
        return null;
    });

    /// <summary>What is wrong with a password or a secret; null: nothing.</summary>
    public static string? PasswordFault(string text) =>
        text.AsSpan().EndsWith("\n") || text.AsSpan().EndsWith("\r") ? "must not end in a line break, as a file's last line does: take it away"
        : text.Any(char.IsControl) ? "must not have control characters" : null;

    /// <summary>The path of a folder, absolute or below the working folder.</summary>
    public static SettingType Folder(Action<TealOptions, string> set) => new((options, text) =>
    {
        if (string.IsNullOrWhiteSpace(text)) return "must not be empty";

        set(options, text);
        return null;
    });

    /// <summary>One of the names of an enumeration, in any case; empty: not set.</summary>
    public static SettingType Choice<T>(Action<TealOptions, T> set) where T : struct, Enum => new((options, text) =>
    {
        if (text.Length == 0) return null;
        if (!TryChoice<T>(text, out var value)) return OneOf<T>();

        set(options, value);
        return null;
    }, Names: Enum.GetNames<T>());

    /// <summary>Names of an enumeration, separated by commas; at least one.</summary>
    public static SettingType Choices<T>(Action<TealOptions, IReadOnlySet<T>> set) where T : struct, Enum => new((options, text) =>
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
    }, Names: Enum.GetNames<T>());

    /// <summary><c>true</c> or <c>false</c>; the original's <c>1</c>, <c>yes</c>, <c>on</c> and their opposites are taken too.</summary>
    public static SettingType Boolean(Action<TealOptions, bool> set) => new((options, text) =>
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
    }, Form: SettingForm.TrueOrFalse);

    /// <summary>A whole number.</summary>
    public static SettingType Count(int least, int most, Action<TealOptions, int> set)
    {
        var range = string.Create(CultureInfo.InvariantCulture, $"a whole number from {least} to {most}");
        return new((options, text) =>
        {
            if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) || value < least || value > most) return $"must be {range}";

            set(options, value);
            return null;
        }, Form: SettingForm.WholeNumber, Bounds: (least, most), Range: range);
    }

    /// <summary>A number of bytes, with or without a unit: <c>65536</c>, <c>64 KiB</c>, <c>1 MiB</c>.</summary>
    public static SettingType Size(int least, int most, Action<TealOptions, int> set)
    {
        var range = string.Create(CultureInfo.InvariantCulture, $"a size from {least} bytes to {most} bytes");
        return new((options, text) =>
        {
            var (number, factor) = SplitUnit(text, Sizes, 1);
            if (!long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var value) || value > int.MaxValue || value * factor < least || value * factor > most)
                return $"must be {range}";

            set(options, (int)(value * factor));
            return null;
        }, Form: SettingForm.TextOrWholeNumber, Pattern: "^[0-9]+ *(B|KiB|MiB|GiB)?$", Bounds: (least, most), Range: range);
    }

    /// <summary>A duration: <c>10 s</c>, <c>500 ms</c>, <c>7 days</c>, or as .NET writes it, <c>00:00:10</c>.</summary>
    public static SettingType Duration(TimeSpan least, TimeSpan most, Action<TealOptions, TimeSpan> set)
    {
        var range = $"a duration from {Words(least)} to {Words(most)}";
        return new((options, text) =>
        {
            if (!TryDuration(text, out var value) || value < least || value > most) return $"must be {range}";

            set(options, value);
            return null;
        }, Pattern: "^([0-9]+([.][0-9]+)? *(ms|s|m|min|h|d|day|days)|([0-9]+[.])?[0-9]{1,2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,7})?)?)$", Range: range);
    }

    /// <summary>Where a module listens.</summary>
    public static SettingType Bind(Action<TealOptions, BindAddress> set) => new((options, text) =>
    {
        if (!BindAddress.TryParse(text, out var address, out var fault)) return fault;

        set(options, address!);
        return null;
    }, Pattern: "^http://.");

    /// <summary>An address as the outside sees it; empty: none.</summary>
    public static SettingType Public(Action<TealOptions, PublicUrl> set) => new((options, text) =>
    {
        if (text.Length == 0) return null;
        if (!PublicUrl.TryParse(text, out var url, out var fault)) return fault;

        set(options, url!);
        return null;
    }, Pattern: "^(https?://.+)?$");

    /// <summary>IP addresses and networks, separated by commas.</summary>
    public static SettingType Networks(Action<TealOptions, IReadOnlyList<IPNetwork>> set) => new((options, text) =>
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
    }, Pattern: "^[0-9A-Fa-f:.]+(/[0-9]+)?$");

    /// <summary>A StackExchange.Redis string or a Redis URL. The fault never repeats it: it may hold a password.</summary>
    public static SettingType RedisAddress(Action<TealOptions, string> set) => new((options, text) =>
    {
        if (!RedisConfiguration.TryParse(text, out _, out var fault)) return fault;

        set(options, text);
        return null;
    });

    /// <summary>The address of a RabbitMQ broker. The fault never repeats it: it may hold a password.</summary>
    public static SettingType BrokerAddress() => new((options, text) =>
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("amqp" or "amqps") || uri.Host.Length == 0)
            return "must be a URL that starts with amqp:// or amqps:// and names a host";
        if (uri.Segments.Length > 2 || uri.Fragment.Length > 0 || uri.Query.Contains('@'))
            return "must have nothing behind host and port but the virtual host, its slashes written as %2F; in a password / is %2F, ? is %3F and # is %23";

        // Options of other libraries, as the variable of an installed original may have them; a value could be secret.
        options.IgnoredBrokerOptions = [.. uri.Query.TrimStart('?').Split('&').Where(static option => option.Contains('=')).Select(static option => option.Split('=')[0]).Where(static name => name.All(IsNameCharacter))];
        options.RabbitMq.Uri = uri.Query.Length == 0 ? uri : new Uri(uri.GetLeftPart(UriPartial.Path));
        return null;
    }, Pattern: "^amqps?://.");

    /// <summary>The path of a picture; set as a <c>data:</c> URL. Empty: none.</summary>
    public static SettingType Logo(Action<TealOptions, string> set) => new((options, text) =>
    {
        if (text.Length == 0) return null;
        if (!Pictures.TryGetValue(Path.GetExtension(text).ToLowerInvariant(), out var type)) return $"must be the path of a file whose name ends in {string.Join(", ", Pictures.Keys)}";
        if (!FileKind.IsOrdinary(text)) return "must be the path of a file that is there";

        try
        {
            using var file = File.OpenRead(text);
            var content = new byte[LongestLogo + 1];
            var length = file.ReadAtLeast(content, content.Length, throwOnEndOfStream: false);
            if (length > LongestLogo) return $"must be the path of a file of at most {LongestLogo / 1024} KiB";
            if (!IsPicture(content.AsSpan(0, length))) return "must be the path of a picture; what is in that file is none";

            set(options, $"data:{type};base64,{Convert.ToBase64String(content, 0, length)}");
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return $"must be the path of a file that can be read ({exception.Message.TrimEnd('.')})";
        }
    }, Pattern: "^(.+[.](svg|png|jpg|jpeg|webp))?$");

    /// <summary>What stands in front of all keys in Redis; not what the names of others begin with.</summary>
    public static SettingType KeyPrefix(Action<TealOptions, string> set) => new((options, text) =>
    {
        if (text.StartsWith("callback_", StringComparison.Ordinal) || text.StartsWith("teal:", StringComparison.Ordinal))
            return "must not begin with callback_ or teal:, as the keys of systems without a prefix do";

        set(options, text);
        return null;
    });

    /// <summary>A colour in three or six hexadecimal digits.</summary>
    public static SettingType Colour(Action<TealOptions, string> set) => new((options, text) =>
    {
        if (text.Length is not (4 or 7) || text[0] != '#' || !text[1..].All(char.IsAsciiHexDigit)) return "must be # and three or six hexadecimal digits";

        set(options, text);
        return null;
    }, Pattern: "^#([0-9A-Fa-f]{3}|[0-9A-Fa-f]{6})$");

    /// <summary>An address that a person opens; empty: none.</summary>
    public static SettingType SupportUrl(Action<TealOptions, string> set) => new((options, text) =>
    {
        if (text.Length > 0 && !(Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http" or "mailto")) return "must start with https://, http:// or mailto:";

        set(options, text);
        return null;
    }, Pattern: "^((https?://|mailto:).+)?$");

    /// <summary>What stands in front of the exchanges' names. It must not make one kind's exchange of the name of another kind's.</summary>
    public static SettingType ExchangePrefix(Action<TealOptions, string> set) => new((options, text) =>
    {
        // «openid_ciba_callbacks» is an exchange without this prefix, too.
        if (text.EndsWith("openid_ciba_", StringComparison.Ordinal)) return "must not end in openid_ciba_: its callbacks would go where others expect notifications";
        if (Encoding.UTF8.GetByteCount(text) > 200) return "must have at most 200 bytes";

        set(options, text);
        return null;
    });

    /// <summary>Host names, possibly with <c>*.</c> in front, separated by commas.</summary>
    public static SettingType Hosts(Action<TealOptions, IReadOnlyList<HostPattern>> set) => new((options, text) =>
    {
        var patterns = Split(text).Select(HostPattern.Parse).ToArray();
        if (Array.Exists(patterns, static pattern => pattern is null)) return "must be host names such as example.org or *.example.org, separated by commas";

        set(options, patterns!);
        return null;
    });

    /// <summary>Origins of pages (RFC 6454), such as <c>https://app.example.org</c>; <c>null</c>; <c>*</c>; separated by commas.</summary>
    public static SettingType Origins(Action<TealOptions, IReadOnlySet<string>> set) => new((options, text) =>
    {
        var origins = Split(text).ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (!origins.All(IsOrigin)) return "must be scheme, host and port only, such as https://app.example.org, or null, or *, separated by commas";

        set(options, origins);
        return null;
    }, Pattern: "^(null|[*]|[A-Za-z][A-Za-z0-9+.-]*://[^/?#]+)$");

    /// <summary>Powens domains, with or without their suffix, and a secret for each.</summary>
    public static SettingType Secrets(Action<TealOptions, IReadOnlyDictionary<string, string>> set) => new((options, text) =>
    {
        var secrets = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in text.Split('\0', StringSplitOptions.RemoveEmptyEntries))
        {
            if (entry.Split('=', 2) is not [{ Length: > 0 } domain, { Length: > 0 } secret]) return "must have a domain and a secret for each entry";
            if (PasswordFault(secret) is { } fault) return fault;

            secrets[PowensWebhookEvent.FullDomain(domain)] = secret;
        }

        set(options, secrets);
        return null;
    }, Pattern: ".");

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

    private static bool IsNameCharacter(char character) => char.IsAsciiLetterOrDigit(character) || character is '_' or '-' or '.';

    private static bool TryChoice<T>(string text, out T value) where T : struct, Enum =>
        Enum.TryParse(text, ignoreCase: true, out value) && Enum.IsDefined(value) && !char.IsAsciiDigit(text[0]);

    private static string OneOf<T>() where T : struct, Enum => $"must be {string.Join(" or ", Enum.GetNames<T>())}";

    // By how they begin: so no other file is published by mistake.
    private static bool IsPicture(ReadOnlySpan<byte> content) =>
        content.StartsWith(PngStart) || content.StartsWith(JpegStart) || content.StartsWith("RIFF"u8) || content.IndexOf("<svg"u8) >= 0;

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
