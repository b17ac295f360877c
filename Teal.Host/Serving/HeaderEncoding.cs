using System.Text;
using Microsoft.Net.Http.Headers;

namespace Teal.Host.Serving;

/// <summary>
/// How the web server reads headers and trailers: as UTF-8, with U+FFFD for what is none, and with a blank for each zero byte,
/// as RFC 9110 section 5.5 allows. By itself it throws for both, and where that is in a trailer, for which it is not prepared,
/// it is a fault and an Error line.
/// </summary>
internal sealed class HeaderEncoding() : UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: false)
{
    private static readonly HeaderEncoding Instance = new();

    /// <summary>For the web server, which asks for each header.</summary>
    public static Encoding? Select(string header) =>
        ReferenceEquals(header, HeaderNames.ContentLength) ? ContentLengthEncoding.Instance : Instance;

    // The one of all these methods that the web server comes to.
    /// <inheritdoc/>
    public override unsafe int GetChars(byte* bytes, int byteCount, char* chars, int charCount)
    {
        var written = base.GetChars(bytes, byteCount, chars, charCount);
        new Span<char>(chars, written).Replace('\0', ' ');
        return written;
    }
}
