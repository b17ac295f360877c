using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Teal.Benchmarks.Fuzz;

/// <summary>Reads answers as strictly as a proxy would, and judges them.</summary>
internal static partial class HttpAnswers
{
    private const int Continue = 100,
        SwitchingProtocols = 101, NoContent = 204, NotModified = 304, Unavailable = 503, VersionNotSupported = 505;

    /// <summary>Where states of the test lead, and freestanding states may.</summary>
    public const string RedirectHost = "app.example.org", RedirectDomain = ".biapi.pro";

    // Whoever begins with HTTP/2 is told in HTTP/2, by a GOAWAY frame, that HTTP/1.1 is spoken here (RFC 9113 sections 6.8 and 7).
    private static ReadOnlySpan<byte> Http11Required => [0, 0, 8, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 13];

    /// <summary>Judges all that came on a connection.</summary>
    /// <param name="received">What came.</param>
    /// <param name="mayBeCut">Whether its end may be missing.</param>
    /// <param name="mayHaveNoBody">Whether an answer may announce a body that does not come, as one to HEAD does.</param>
    public static FuzzOutcome Judge(byte[] received, bool mayBeCut, bool mayHaveNoBody)
    {
        var faults = 0;
        ReadOnlySpan<byte> data = received;
        while (data.Length > 0)
        {
            if (data.SequenceEqual(Http11Required)) return new FuzzOutcome(received, faults, null);

            var end = data.IndexOf("\r\n\r\n"u8);
            if (end < 0) return new FuzzOutcome(received, faults, mayBeCut ? null : "an answer has no head, or one without an end");

            var lines = Encoding.Latin1.GetString(data[..end]).Split("\r\n");
            data = data[(end + 4)..];
            var statusLine = StatusLine().Match(lines[0]);
            if (!statusLine.Success) return new FuzzOutcome(received, faults, "a status line that is none");

            var status = int.Parse(statusLine.Groups[1].Value, CultureInfo.InvariantCulture);

            // A version that it does not speak is the client's fault.
            if (status >= 500 && status is not (Unavailable or VersionNotSupported)) faults++;
            var headers = new List<(string Name, string Value)>();
            foreach (var line in lines[1..])
            {
                var header = HeaderLine().Match(line);
                if (!header.Success) return new FuzzOutcome(received, faults, "a header that is none");
                headers.Add((header.Groups[1].Value, header.Groups[2].Value));
            }

            if (JudgeHeaders(headers) is { } wrong) return new FuzzOutcome(received, faults, wrong);
            if (status == SwitchingProtocols) return new FuzzOutcome(received, faults, null);
            if (status is Continue or NoContent or NotModified) continue;
            if (mayHaveNoBody && (data.IsEmpty || data.StartsWith("HTTP/1.1 "u8))) continue;

            var length = BodyLength(headers, data);
            if (length < 0)
                return new FuzzOutcome(
                    received, faults, mayBeCut ? null : "a body that is shorter than announced, or in chunks that are none");
            data = data[length..];
        }

        return new FuzzOutcome(received, faults, null);
    }

    private static string? JudgeHeaders(List<(string Name, string Value)> headers)
    {
        if (Find("X-Injected") is not null) return "a header that the request brought in";
        var isPage = Find("Content-Type")?.StartsWith("text/html", StringComparison.OrdinalIgnoreCase) ?? false;
        if (isPage && Find("Content-Security-Policy") is null) return "a page without a Content-Security-Policy";
        return Find("Location") is { } location && !MayLeadTo(location) ? "a Location that leads elsewhere" : null;

        string? Find(string name) => headers.Find(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;
    }

    private static bool MayLeadTo(string location)
    {
        if (Uri.TryCreate(location, UriKind.Absolute, out var absolute) && absolute.Scheme is "http" or "https")
            return absolute.Host == RedirectHost
                || absolute.Host.EndsWith(RedirectDomain, StringComparison.OrdinalIgnoreCase) || absolute.IsLoopback;

        // A path, and not what browsers take for a host.
        return location.StartsWith("../", StringComparison.Ordinal)
            || (location.StartsWith('/') && !(location.Length > 1 && location[1] is '/' or '\\'));
    }

    private static int BodyLength(List<(string Name, string Value)> headers, ReadOnlySpan<byte> data)
    {
        if (headers.Exists(static header => header.Name.Equals("Transfer-Encoding", StringComparison.OrdinalIgnoreCase)))
            return ChunkedLength(data);

        var announced = headers.Find(static header => header.Name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase)).Value;

        // Without a length it goes to the end.
        if (announced is null) return data.Length;
        return int.TryParse(announced, NumberStyles.None, CultureInfo.InvariantCulture, out var length) && length <= data.Length ? length
            : -1;
    }

    private static int ChunkedLength(ReadOnlySpan<byte> data)
    {
        var at = 0;
        while (true)
        {
            var line = data[at..].IndexOf("\r\n"u8);
            if (line < 0) return -1;
            if (!int.TryParse(
                Encoding.Latin1.GetString(data.Slice(at, line)), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture,
                out var length))
                return -1;

            at += line + 2 + length + 2;
            if (at > data.Length) return -1;
            if (length == 0) return at;
        }
    }

    [GeneratedRegex(@"^HTTP/1\.1 ([1-5][0-9][0-9]) [\x20-\x7e]*\z")]
    private static partial Regex StatusLine();

    [GeneratedRegex(@"^([!#$%&'*+.^_`|~0-9A-Za-z-]+): ?([\x20-\x7e\t\x80-\xff]*)\z")]
    private static partial Regex HeaderLine();
}
