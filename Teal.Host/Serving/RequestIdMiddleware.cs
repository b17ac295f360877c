using Microsoft.AspNetCore.Http;

namespace Teal.Host.Serving;

/// <summary>
/// Gives each request an id, its own <c>X-Request-ID</c> where that is sane, and each answer the same (specification 2.1). It is
/// the <see cref="HttpContext.TraceIdentifier"/>, which the logs carry.
/// </summary>
internal sealed class RequestIdMiddleware(RequestDelegate next)
{
    private const int LongestId = 128;

    public Task InvokeAsync(HttpContext context)
    {
        var given = context.Request.Headers["X-Request-ID"];
        if (given.Count == 1 && IsSane(given[0])) context.TraceIdentifier = given[0]!;
        SetHeader(context);

        // Answers to be kept say so themselves.
        context.Response.Headers.CacheControl = "no-store";
        return next(context);
    }

    /// <summary>Sets the header again, after an answer was begun anew.</summary>
    public static void SetHeader(HttpContext context) => context.Response.Headers["X-Request-ID"] = context.TraceIdentifier;

    private static bool IsSane(string? id) =>
        id is { Length: > 0 and <= LongestId } && id.AsSpan().IndexOfAnyExceptInRange('!', '~') < 0;
}
