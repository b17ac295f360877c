using System.Text;
using Microsoft.Net.Http.Headers;

namespace Teal.Host.Serving;

/// <summary>
/// Has the web server refuse a <c>Content-Length</c> that is not digits alone (RFC 9110 section 8.6). By itself it takes a sign too, and a proxy in front may see another
/// length in that than it does. What encoding a header has is all that it lets one choose; one that reads anything else as nothing leaves it no number to parse.
/// </summary>
internal sealed class ContentLengthEncoding : ASCIIEncoding
{
    private static readonly ContentLengthEncoding Instance = new();

    /// <summary>For the web server's headers: the encoding of <c>Content-Length</c>, and the default for all others.</summary>
    public static Encoding? Select(string header) => ReferenceEquals(header, HeaderNames.ContentLength) ? Instance : null;

    /// <inheritdoc/>
    public override int GetChars(ReadOnlySpan<byte> bytes, Span<char> chars) =>
        bytes.ContainsAnyExceptInRange((byte)'0', (byte)'9') || bytes.Length > chars.Length ? 0 : base.GetChars(bytes, chars);
}
