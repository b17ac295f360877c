using System.Buffers.Text;
using System.Text;

namespace Teal.Host.Serving;

/// <summary>
/// An answer of the web server itself, to what is no request: a status and no body. As this program gives it, it has an id, a text and
/// <c>no-store</c> as all others (specification 2.1).
/// </summary>
internal static class OwnAnswer
{
    /// <summary>How long such answers are, about, in bytes.</summary>
    public const int TypicalLength = 512;

    private static ReadOnlySpan<byte> Version => "HTTP/1.1 "u8;

    private static ReadOnlySpan<byte> NoBody => "\r\nContent-Length: 0\r\n"u8;

    /// <summary>The status of such an answer; false: it is none, but one of this program, which has an id, or a part of one.</summary>
    public static bool TryReadStatus(ReadOnlySpan<byte> answer, out int status)
    {
        status = 0;
        return answer.StartsWith(Version) && answer.EndsWith("\r\n\r\n"u8) && answer.IndexOf(NoBody) > 0
            && answer.IndexOf("\r\nX-Request-ID:"u8) < 0
            && Utf8Parser.TryParse(answer[Version.Length..], out status, out var length) && length == 3 && status >= 400;
    }

    /// <summary>The answer with what it lacks.</summary>
    public static byte[] Render(ReadOnlySpan<byte> answer, int status, string id)
    {
        var text = TextOf(status);
        var headers = $"""
            Content-Length: {text.Length + 1}
            Content-Type: text/plain; charset=utf-8
            Cache-Control: no-store
            Referrer-Policy: no-referrer
            X-Content-Type-Options: nosniff
            X-Request-ID: {id}

            """.ReplaceLineEndings("\r\n");
        var start = answer.IndexOf(NoBody) + 2;
        return
        [
            .. answer[..start], .. Encoding.ASCII.GetBytes(headers), .. answer[(start + NoBody.Length - 2)..],
            .. Encoding.ASCII.GetBytes(text), (byte)'\n',
        ];
    }

    /// <summary>What is wrong, for the sender; a line without its end.</summary>
    public static string TextOf(int status) => status switch
    {
        400 =>
            "This is no valid HTTP request: the address may have no blanks and only ASCII, and one Host and at most one length are needed",
        405 => "The method is not known here",
        408 => "The request took too long to arrive",
        411 => "The request needs a Content-Length",
        413 => "The request's body is too large",
        414 => "The address is too long",
        431 => "The headers are too large",
        505 => "Only the versions 1.1 and 2 of HTTP are spoken here",
        _ => "The request cannot be answered",
    };
}
