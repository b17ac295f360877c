using Microsoft.AspNetCore.Http;

namespace Teal.Listener.Pages;

/// <summary><c>/robots.txt</c> (RFC 9309): callback addresses are of no use to search engines.</summary>
internal static class Robots
{
    private static ReadOnlySpan<byte> Content => "User-agent: *\nDisallow: /\n"u8;

    public static Task HandleAsync(HttpContext context)
    {
        context.Response.ContentType = "text/plain; charset=utf-8";
        context.Response.ContentLength = Content.Length;
        return context.Response.Body.WriteAsync(Content.ToArray(), context.RequestAborted).AsTask();
    }
}
