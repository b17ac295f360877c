using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Http;

namespace Teal.Listener.Http;

/// <summary>What the listener does about a <see cref="ContentCoding"/>.</summary>
internal static class ContentCodings
{
    /// <summary>What the listener decodes, as <c>Accept-Encoding</c> says it (RFC 9110 section 12.5.3).</summary>
    public const string Accepted = "gzip, deflate, br";

    /// <summary>What the request says.</summary>
    public static ContentCoding Of(HttpRequest request)
    {
        var coding = ContentCoding.None;
        foreach (var value in request.Headers.ContentEncoding)
        {
            foreach (var name in (value ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                var one = Read(name);
                if (one != ContentCoding.None) coding = coding == ContentCoding.None ? one : ContentCoding.Unknown;
            }
        }

        return coding;
    }

    /// <summary>The decoded bytes, by <see cref="ReadDecoded"/>.</summary>
    public static Stream Decode(this ContentCoding coding, ReadOnlyMemory<byte> encoded)
    {
        if (!MemoryMarshal.TryGetArray(encoded, out var array)) array = encoded.ToArray();
        var source = new WholeStream(array, mayAskForMore: coding == ContentCoding.Gzip);
        return coding switch
        {
            ContentCoding.Gzip => new GZipStream(source, CompressionMode.Decompress),
            ContentCoding.Brotli => new BrotliStream(source, CompressionMode.Decompress),
            _ when IsZlib(encoded.Span) => new ZLibStream(source, CompressionMode.Decompress),
            _ => new DeflateStream(source, CompressionMode.Decompress),
        };
    }

    /// <summary>
    /// Reads on; 0: that was all. Throws <see cref="InvalidDataException"/> where it is not in that coding, or ends too soon.
    /// </summary>
    /// <param name="coding">The coding.</param>
    /// <param name="decoded">From <see cref="Decode"/>.</param>
    /// <param name="buffer">What it fills.</param>
    /// <param name="encoded">All encoded bytes.</param>
    /// <param name="before">How many decoded bytes came before.</param>
    public static int ReadDecoded(this ContentCoding coding, Stream decoded, Span<byte> buffer, ReadOnlySpan<byte> encoded, long before)
    {
        try
        {
            var count = decoded.Read(buffer);

            // A gzip file ends with its size (RFC 1952 section 2.3.1), which .NET does not miss where the end is missing.
            if (count == 0 && coding == ContentCoding.Gzip
                && (encoded.Length < 4 || BinaryPrimitives.ReadUInt32LittleEndian(encoded[^4..]) != (uint)before))
                throw new InvalidDataException("It ends too soon.");
            return count;
        }
        catch (InvalidOperationException exception)
        {
            // What .NET says of bytes that are not Brotli's.
            throw new InvalidDataException(exception.Message, exception);
        }
    }

    private static ContentCoding Read(string name) => name.ToLowerInvariant() switch
    {
        "identity" => ContentCoding.None,
        "gzip" or "x-gzip" => ContentCoding.Gzip,
        "deflate" => ContentCoding.Deflate,
        "br" => ContentCoding.Brotli,
        _ => ContentCoding.Unknown,
    };

    // RFC 1950 section 2.2.
    private static bool IsZlib(ReadOnlySpan<byte> encoded) =>
        encoded.Length > 1 && (encoded[0] & 15) == 8 && ((encoded[0] << 8) | encoded[1]) % 31 == 0;

    // Says where a decoder wants more than there is; .NET's take that for the end.
    private sealed class WholeStream(ArraySegment<byte> bytes, bool mayAskForMore)
        : MemoryStream(bytes.Array!, bytes.Offset, bytes.Count, writable: false)
    {
        public override int Read(byte[] buffer, int offset, int count) => Checked(base.Read(buffer, offset, count), count);

        public override int Read(Span<byte> buffer) => Checked(base.Read(buffer), buffer.Length);

        private int Checked(int read, int wanted) =>
            read > 0 || wanted == 0 || mayAskForMore ? read : throw new InvalidDataException("It ends too soon.");
    }
}
