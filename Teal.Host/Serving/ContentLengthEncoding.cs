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

    // Not the default, which throws: in a trailer, for which the web server is not prepared, that is a fault and an Error line.
    private static readonly UTF8Encoding Lenient = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: false);

    /// <summary>For the web server's headers: the encoding of <c>Content-Length</c>, and UTF-8 for all others.</summary>
    public static Encoding? Select(string header) => ReferenceEquals(header, HeaderNames.ContentLength) ? Instance : Lenient;

    /// <inheritdoc/>
    public override int GetChars(ReadOnlySpan<byte> bytes, Span<char> chars) =>
        bytes.ContainsAnyExceptInRange((byte)'0', (byte)'9') || bytes.Length > chars.Length ? 0 : base.GetChars(bytes, chars);
}
