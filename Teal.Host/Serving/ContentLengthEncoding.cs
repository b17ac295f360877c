using System.Text;

namespace Teal.Host.Serving;

/// <summary>
/// Has the web server refuse a <c>Content-Length</c> that is not digits alone (RFC 9110 section 8.6). By itself it takes a sign too, and a
/// proxy in front may see another length in that than it does. What encoding a header has is all that it lets one choose; one that reads
/// anything else as nothing leaves it no number to parse.
/// </summary>
internal sealed class ContentLengthEncoding : ASCIIEncoding
{
    /// <summary>The one that there is.</summary>
    public static readonly ContentLengthEncoding Instance = new();

    private ContentLengthEncoding()
    {
    }

    /// <inheritdoc/>
    public override int GetChars(ReadOnlySpan<byte> bytes, Span<char> chars) =>
        bytes.ContainsAnyExceptInRange((byte)'0', (byte)'9') || bytes.Length > chars.Length ? 0 : base.GetChars(bytes, chars);
}
