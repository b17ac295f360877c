using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Teal.Web.Answers;

namespace Teal.Host.Serving;

/// <summary>
/// Refuses a request target with a control character in it, which no address may have (RFC 9112 section 3.2), and no header
/// that repeats one. The web server takes some.
/// </summary>
internal sealed class InvalidTargetMiddleware(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (!HasControlCharacter(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget)) return next(context);

        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers["Referrer-Policy"] = "no-referrer";
        return Answer.LineAsync(context, StatusCodes.Status400BadRequest, "The address has a control character; percent-encode it");
    }

    // Those of char.IsControl, in two steps for all characters.
    private static bool HasControlCharacter(ReadOnlySpan<char> target) =>
        target.ContainsAnyInRange('\0', '\u001f') || target.ContainsAnyInRange('\u007f', '\u009f');
}
