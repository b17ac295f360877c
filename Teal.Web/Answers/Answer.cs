using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Teal.Web.Answers;

/// <summary>Answers that all modules give in the same form. Each is whole at once, and tells its length.</summary>
public static class Answer
{
    /// <summary>A line of plain text for the developer.</summary>
    /// <param name="context">The request.</param>
    /// <param name="status">The status.</param>
    /// <param name="text">The line, without its end.</param>
    public static Task LineAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        return WriteAsync(context, "text/plain; charset=utf-8", Encoding.UTF8.GetBytes(text + "\n"));
    }

    /// <summary>A JSON text.</summary>
    /// <param name="context">The request.</param>
    /// <param name="status">The status.</param>
    /// <param name="json">The text, in UTF-8.</param>
    public static Task JsonAsync(HttpContext context, int status, ReadOnlyMemory<byte> json)
    {
        context.Response.StatusCode = status;
        return WriteAsync(context, "application/json", json);
    }

    /// <summary>Any body, which browsers take for what its media type says; the status is set already.</summary>
    /// <param name="context">The request.</param>
    /// <param name="contentType">The media type.</param>
    /// <param name="body">The bytes.</param>
    public static Task WriteAsync(HttpContext context, string contentType, ReadOnlyMemory<byte> body)
    {
        context.Response.ContentType = contentType;
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.ContentLength = body.Length;
        return context.Response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }

    /// <summary>
    /// 307 to the same address without the slashes at the end of its path. It is relative to itself (RFC 3986 section 5.2), so that it
    /// holds below any prefix.
    /// </summary>
    /// <param name="context">The request.</param>
    /// <param name="path">The path, undecoded, with a slash at its end.</param>
    /// <param name="rest">What stands behind it, undecoded.</param>
    public static Task WithoutSlash(HttpContext context, ReadOnlySpan<char> path, ReadOnlySpan<char> rest)
    {
        var trimmed = path.TrimEnd('/');
        var up = string.Concat(Enumerable.Repeat("../", path.Length - trimmed.Length));
        context.Response.StatusCode = StatusCodes.Status307TemporaryRedirect;
        context.Response.Headers.Location = $"{up}{trimmed[(trimmed.LastIndexOf('/') + 1)..]}{rest}";
        return Task.CompletedTask;
    }

    /// <summary>Has an answer say how long its sender is to wait: whole seconds, at least one (RFC 9110 section 10.2.3).</summary>
    /// <param name="context">The request.</param>
    /// <param name="wait">How long.</param>
    public static void SetRetryAfter(HttpContext context, TimeSpan wait) =>
        context.Response.Headers.RetryAfter = Math.Max(1, Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
}
