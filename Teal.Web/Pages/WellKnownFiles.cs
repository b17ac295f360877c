using Microsoft.AspNetCore.Http;
using Teal.Web.Answers;

namespace Teal.Web.Pages;

/// <summary>What browsers and search engines ask every server for.</summary>
public static class WellKnownFiles
{
    private static readonly byte[] RobotsText = "User-agent: *\nDisallow: /\n"u8.ToArray();
    private static readonly byte[] Favicon = Resource.LoadBytes("favicon.ico");

    /// <summary><c>/robots.txt</c> (RFC 9309): callback addresses are of no use to search engines.</summary>
    public static Task RobotsAsync(HttpContext context) => Answer.WriteAsync(context, "text/plain; charset=utf-8", RobotsText);

    /// <summary><c>/favicon.ico</c>.</summary>
    public static Task FaviconAsync(HttpContext context)
    {
        context.Response.Headers.CacheControl = "public, max-age=86400";
        return Answer.WriteAsync(context, "image/vnd.microsoft.icon", Favicon);
    }
}
