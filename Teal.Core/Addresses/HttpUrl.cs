using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Teal.Core.Addresses.Idna;

namespace Teal.Core.Addresses;

/// <summary>
/// An absolute http or https URL (RFC 3986 section 4.3) that is kept as it was written: parts are looked up in the text, and
/// nothing is decoded, re-ordered or put in another case. It holds no blank, line break or other control character.
/// </summary>
public sealed class HttpUrl
{
    private readonly int _authorityStart;
    private readonly int _hostStart;
    private readonly int _hostEnd;
    private readonly int _authorityEnd;

    private HttpUrl(string text, string asciiHost, int authorityStart, int hostStart, int hostEnd, int authorityEnd)
    {
        Text = text;
        AsciiHost = asciiHost;
        _authorityStart = authorityStart;
        _hostStart = hostStart;
        _hostEnd = hostEnd;
        _authorityEnd = authorityEnd;
    }

    /// <summary>The URL, verbatim.</summary>
    public string Text { get; }

    /// <summary>Whether the scheme is https.</summary>
    public bool IsHttps => _authorityStart == "https://".Length;

    /// <summary>The host as written, an IPv6 address in its brackets.</summary>
    public string Host => Text[_hostStart.._hostEnd];

    /// <summary>
    /// The host as browsers ask for it: as written where that is ASCII, else mapped and encoded by UTS #46 (<c>xn--</c>).
    /// </summary>
    public string AsciiHost { get; }

    /// <summary>The port as written after the host; null: the scheme's own.</summary>
    public int? Port =>
        _authorityEnd > _hostEnd + 1
            ? int.Parse(Text.AsSpan(_hostEnd + 1, _authorityEnd - _hostEnd - 1), CultureInfo.InvariantCulture)
            : null;

    /// <summary>Whether there is a user name or password in front of the host.</summary>
    public bool HasUserInfo => _hostStart > _authorityStart;

    /// <summary>All behind host and port: path, query and fragment, possibly empty.</summary>
    public ReadOnlySpan<char> Rest => Text.AsSpan(_authorityEnd);

    /// <summary>The path as <see cref="ToAscii"/> has it, dot segments as they were written; <c>/</c> where there is none.</summary>
    public string AsciiPath
    {
        get
        {
            var end = Rest.IndexOfAny('?', '#');
            var path = end < 0 ? Rest : Rest[..end];
            if (path.IsEmpty) return "/";

            var ascii = new StringBuilder(path.Length);
            AppendEncoded(ascii, path);
            return ascii.ToString();
        }
    }

    /// <summary>
    /// Reads <paramref name="text"/>. Single-label hosts are allowed. On failure <paramref name="fault"/> says what is wrong,
    /// in words that end a sentence beginning with the URL's name, and without the URL. Never throws.
    /// </summary>
    public static bool TryParse(string text, out HttpUrl? url, out string? fault)
    {
        url = null;
        if (text.AsSpan().IndexOfAnyInRange('\0', ' ') >= 0 || text.AsSpan().IndexOfAnyInRange('\x7f', '\x9f') >= 0)
        {
            fault = "must not contain blanks, line breaks or control characters";
            return false;
        }

        if (HasLoneSurrogate(text))
        {
            fault = "must be well-formed Unicode";
            return false;
        }

        var start = text.StartsWith("http://", StringComparison.OrdinalIgnoreCase) ? 7
            : text.StartsWith("https://", StringComparison.OrdinalIgnoreCase) ? 8 : 0;
        if (start == 0)
        {
            fault = "must start with http:// or https://";
            return false;
        }

        var length = text.AsSpan(start).IndexOfAny('/', '?', '#');
        var end = length < 0 ? text.Length : start + length;
        var userInfo = text.AsSpan(start, end - start).LastIndexOf('@');
        var hostStart = userInfo < 0 ? start : start + userInfo + 1;
        var hostEnd = FindHostEnd(text, hostStart, end);
        var host = text[hostStart..hostEnd];
        var asciiHost = ToAsciiHost(host);
        fault = FaultOfAuthority(text.AsSpan(start, end - start), host, asciiHost, text.AsSpan(hostEnd, end - hostEnd));
        if (fault is not null) return false;

        url = new HttpUrl(text, asciiHost!, start, hostStart, hostEnd, end);
        return true;
    }

    /// <summary>
    /// The URL for an HTTP header: verbatim where it is ASCII; else with the host in its IDNA form and every other non-ASCII
    /// character percent-encoded as UTF-8.
    /// </summary>
    public string ToAscii()
    {
        if (Ascii.IsValid(Text)) return Text;

        var ascii = new StringBuilder(Text.Length * 2);
        AppendEncoded(ascii, Text.AsSpan(0, _hostStart));
        ascii.Append(AsciiHost);
        AppendEncoded(ascii, Text.AsSpan(_hostEnd));
        return ascii.ToString();
    }

    private static void AppendEncoded(StringBuilder target, ReadOnlySpan<char> text)
    {
        Span<byte> utf8 = stackalloc byte[4];
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.IsAscii)
            {
                target.Append((char)rune.Value);
                continue;
            }

            foreach (var octet in utf8[..rune.EncodeToUtf8(utf8)]) target.Append(CultureInfo.InvariantCulture, $"%{octet:X2}");
        }
    }

    private static int FindHostEnd(string text, int start, int end)
    {
        var authority = text.AsSpan(start, end - start);
        var bracket = authority.StartsWith('[') ? authority.IndexOf(']') : -1;
        var colon = authority[(bracket + 1)..].IndexOf(':');
        return colon < 0 ? end : start + bracket + 1 + colon;
    }

    private static string? FaultOfAuthority(ReadOnlySpan<char> authority, string host, string? asciiHost, ReadOnlySpan<char> colonAndPort)
    {
        // Browsers read a backslash as a slash, and would find another host than this reader.
        if (authority.Contains('\\')) return "must not have a backslash in front of its path";
        if (host.Length == 0) return "must name a host";
        if (asciiHost is null or "") return "must name a host that browsers take (UTS #46)";
        if (host[0] == '[' ? !IsIPv6(host) : !IsNameOrIPv4(asciiHost)) return "must name a valid host";

        var port = colonAndPort.IsEmpty ? "" : colonAndPort[1..];
        if (port.IndexOfAnyExceptInRange('0', '9') >= 0
            || (port.Length > 0 && (!int.TryParse(port, CultureInfo.InvariantCulture, out var number) || number > 65535)))
            return "must have a port from 0 to 65535";

        return null;
    }

    private static bool IsIPv6(string host) =>
        host[^1] == ']' && IPAddress.TryParse(host.AsSpan()[1..^1], out var address)
        && address.AddressFamily == AddressFamily.InterNetworkV6 && !host.Contains('%', StringComparison.Ordinal);

    // A browser takes a host with a number at its end for an IPv4 address (WHATWG URL, section 3.5), and could not go to another.
    private static bool IsNameOrIPv4(string host) => Uri.CheckHostName(host) switch
    {
        UriHostNameType.IPv4 => true,
        UriHostNameType.Dns => !EndsInNumber(host),
        _ => false,
    };

    private static bool EndsInNumber(string host)
    {
        var name = host.AsSpan().TrimEnd('.');
        return name[(name.LastIndexOf('.') + 1)..].IndexOfAnyExceptInRange('0', '9') < 0;
    }

    // ASCII stays as it is, but labels that are encoded must be ones that browsers decode.
    private static string? ToAsciiHost(string host)
    {
        var isAscii = Ascii.IsValid(host);
        if (isAscii && !host.Contains("xn--", StringComparison.OrdinalIgnoreCase)) return host;

        return DomainName.ToAscii(host) is { } ascii ? isAscii ? host : ascii : null;
    }

    private static bool HasLoneSurrogate(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1])) return true;
            i++;
        }

        return false;
    }
}
