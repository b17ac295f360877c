using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Teal.Listener.Pages;

namespace Teal.Listener.Http;

/// <summary>The one place that says how a result of the listener reads as an HTTP answer.</summary>
internal static class Answer
{
    /// <summary>An error or a notice: one line of text, or the same text on a small page for a browser.</summary>
    public static Task TextAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        return BrowserPreference.PrefersHtml(context.Request)
            ? WriteAsync(context, "text/html; charset=utf-8", MessagePage.Render(text), MessagePage.ContentSecurityPolicy)
            : WriteAsync(context, "text/plain; charset=utf-8", Encoding.UTF8.GetBytes(text + "\n"), null);
    }

    /// <summary>The event was accepted, and the end user goes nowhere from here.</summary>
    public static Task AcceptedAsync(HttpContext context)
    {
        if (BrowserPreference.PrefersHtml(context.Request))
            return TextAsync(context, StatusCodes.Status200OK, "Done. You can close this window.");

        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    /// <summary>302, or 303 where something was posted, to exactly that address, which must be ASCII.</summary>
    public static Task Redirect(HttpContext context, string location)
    {
        // Behind a POST the first leaves it to the browser whether it posts again (RFC 9110 section 15.4.3).
        context.Response.StatusCode = HttpMethods.IsPost(context.Request.Method) ? StatusCodes.Status303SeeOther : StatusCodes.Status302Found;
        context.Response.Headers.Location = location;
        return Task.CompletedTask;
    }

    /// <summary>307 to the same address without the slash at its end.</summary>
    public static Task WithoutSlash(HttpContext context, RequestTarget target)
    {
        context.Response.StatusCode = StatusCodes.Status307TemporaryRedirect;
        context.Response.Headers.Location = target.ToRelativeWithoutSlash();
        return Task.CompletedTask;
    }

    /// <summary>The page whose script hands the fragment over.</summary>
    public static Task FragmentPageAsync(HttpContext context) =>
        WriteAsync(context, "text/html; charset=utf-8", FragmentPage.Content, FragmentPage.ContentSecurityPolicy);

    /// <summary>What arrived cannot be kept now.</summary>
    public static Task UnavailableAsync(HttpContext context, ListenerOptions options)
    {
        var seconds = Math.Max(1, (int)Math.Ceiling(options.RetryAfter.TotalSeconds));
        context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return TextAsync(context, StatusCodes.Status503ServiceUnavailable, "Temporarily unavailable, please try again");
    }

    private static Task WriteAsync(HttpContext context, string contentType, ReadOnlyMemory<byte> body, string? contentSecurityPolicy)
    {
        var response = context.Response;
        response.ContentType = contentType;
        response.ContentLength = body.Length;
        response.Headers.XContentTypeOptions = "nosniff";
        if (contentSecurityPolicy is not null) response.Headers.ContentSecurityPolicy = contentSecurityPolicy;
        return response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }
}
