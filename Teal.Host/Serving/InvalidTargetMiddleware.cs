using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Teal.Host.Serving;

/// <summary>
/// Refuses a request target with a control character in it, which no address may have (RFC 9112 section 3.2), and no header that repeats one. The web server takes some.
/// </summary>
internal sealed class InvalidTargetMiddleware(RequestDelegate next)
{
    private static readonly byte[] Text = Encoding.ASCII.GetBytes("The address has a control character; percent-encode it\n");

    public Task InvokeAsync(HttpContext context)
    {
        if (!HasControlCharacter(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget)) return next(context);

        var response = context.Response;
        response.StatusCode = StatusCodes.Status400BadRequest;
        response.Headers.CacheControl = "no-store";
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.ContentType = "text/plain; charset=utf-8";
        response.ContentLength = Text.Length;
        return response.Body.WriteAsync(Text, context.RequestAborted).AsTask();
    }

    // Those of char.IsControl, in two steps for all characters.
    private static bool HasControlCharacter(ReadOnlySpan<char> target) => target.ContainsAnyInRange('\0', '\u001f') || target.ContainsAnyInRange('\u007f', '\u009f');
}
