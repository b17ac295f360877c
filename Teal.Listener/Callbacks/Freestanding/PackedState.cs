using System.Buffers;
using System.Globalization;
using Teal.Core.Addresses;

namespace Teal.Listener.Callbacks.Freestanding;

/// <summary>
/// Freestanding states in the packed format, <c>B1&lt;flags&gt;[port]&lt;suffix&gt;&lt;path&gt;&lt;host&gt;[_&lt;state&gt;]</c>
/// (specification 2.2).
/// </summary>
public static class PackedState
{
    private const string Prefix = "B1";
    private const string Digits = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-.";
    private const int PortDigits = 3;
    private const int DefaultPort = 3158;
    private const int HasPort = 0x01, HasDefaultPort = 0x02, HasFragment = 0x04, IsHttp = 0x08, Reserved = 0x30;

    private static readonly SearchValues<char> Written = SearchValues.Create(Digits);

    private static readonly Dictionary<int, string> Suffixes = new() { [2] = "-sandbox.biapi.pro", [3] = ".biapi.pro", [0] = "" };

    private static readonly Dictionary<int, string> Paths = new() { [1] = "/", [2] = "/webauth/resume", [3] = "/2.0/webauth/resume" };

    /// <summary>Reads one. Null when it is none. Never throws.</summary>
    public static FreestandingState? Decode(string text)
    {
        if (!text.StartsWith(Prefix, StringComparison.Ordinal)) return null;

        var underscore = text.IndexOf('_', StringComparison.Ordinal);
        var head = text.AsSpan(Prefix.Length, (underscore < 0 ? text.Length : underscore) - Prefix.Length);
        var state = underscore < 0 ? null : text[(underscore + 1)..];
        if (!IsWritten(head) || (state is not null && !IsWritten(state.Replace("_", "", StringComparison.Ordinal)))) return null;
        if (!TryTake(ref head, 1, out var flags) || (flags & Reserved) != 0 || !TryTakePort(ref head, flags, out var port)) return null;
        if (!TryTake(ref head, 1, out var suffix) || !TryTake(ref head, 1, out var path) || head.IsEmpty) return null;
        if (!Suffixes.TryGetValue(suffix, out var hostSuffix) || !Paths.TryGetValue(path, out var urlPath)) return null;

        var isHttp = (flags & IsHttp) != 0;
        var colonAndPort = port is null || port == StandardPort(isHttp) ? "" : string.Create(CultureInfo.InvariantCulture, $":{port}");
        var written = $"{(isHttp ? "http" : "https")}://{head}{hostSuffix}{colonAndPort}{urlPath}";
        return HttpUrl.TryParse(written, out var url, out _) ? new FreestandingState(url!, state, (flags & HasFragment) != 0) : null;
    }

    /// <summary>Writes one; null when the format has no room for the URL's path, query, user or host, or the state's characters.</summary>
    public static string? Encode(HttpUrl redirectUrl, string? state, bool withFragment)
    {
        var path = Paths.FirstOrDefault(
            entry => redirectUrl.Rest.SequenceEqual(entry.Value) || (redirectUrl.Rest.IsEmpty && entry.Value == "/"));
        if (path.Value is null || redirectUrl.HasUserInfo) return null;

        var suffix = Suffixes.First(entry => redirectUrl.Host.EndsWith(entry.Value, StringComparison.Ordinal));
        var host = redirectUrl.Host[..^suffix.Value.Length];
        if (host.Length == 0 || !IsWritten(host) || (state is not null && !IsWritten(state.Replace("_", "", StringComparison.Ordinal))))
            return null;

        var isHttp = !redirectUrl.IsHttps;
        var port = redirectUrl.Port is { } given && given != StandardPort(isHttp) ? given : (int?)null;
        var flags = (port is null ? 0 : port == DefaultPort ? HasPort | HasDefaultPort : HasPort)
            | (withFragment ? HasFragment : 0) | (isHttp ? IsHttp : 0);
        var portText = port is null or DefaultPort
            ? ""
            : $"{Digits[port.Value >> 12]}{Digits[(port.Value >> 6) & 63]}{Digits[port.Value & 63]}";
        return $"{Prefix}{Digits[flags]}{portText}{Digits[suffix.Key]}{Digits[path.Key]}{host}{(state is null ? "" : $"_{state}")}";
    }

    private static bool IsWritten(ReadOnlySpan<char> text) => !text.ContainsAnyExcept(Written);

    private static int StandardPort(bool isHttp) => isHttp ? 80 : 443;

    private static bool TryTakePort(ref ReadOnlySpan<char> head, int flags, out int? port)
    {
        port = null;
        if ((flags & HasPort) == 0) return true;

        var number = DefaultPort;
        if ((flags & HasDefaultPort) == 0 && !TryTake(ref head, PortDigits, out number)) return false;

        port = number;
        return number <= 65535;
    }

    // A big-endian number in base 64.
    private static bool TryTake(ref ReadOnlySpan<char> head, int digits, out int number)
    {
        number = 0;
        if (head.Length < digits) return false;

        foreach (var digit in head[..digits]) number = (number << 6) | Digits.IndexOf(digit, StringComparison.Ordinal);
        head = head[digits..];
        return true;
    }
}
