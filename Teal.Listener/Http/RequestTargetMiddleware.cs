using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Teal.Listener.Http;

/// <summary>
/// Reads the request target from the raw request line, for the endpoints and for routing, and sets the headers that every
/// answer of the listener carries.
/// </summary>
internal sealed class RequestTargetMiddleware(RequestDelegate next, ListenerOptions options)
{
    private readonly string _pathPrefix = options.PublicUrl?.PathPrefix ?? "";

    public Task InvokeAsync(HttpContext context)
    {
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers["Referrer-Policy"] = "no-referrer";

        var target = RequestTarget.Parse(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget);

        // A proxy in front may or may not have taken the public prefix off.
        var hasPrefix = _pathPrefix.Length > 0 && target.Path.StartsWith(_pathPrefix, StringComparison.Ordinal)
            && target.Path.Length > _pathPrefix.Length && target.Path[_pathPrefix.Length] == '/';
        if (hasPrefix) target = target.WithoutPrefix(_pathPrefix.Length);
        if (hasPrefix || target.HasAlternativeSeparator || target.HasFragment) context.Request.Path = ToPathString(target.Path.ToString());

        context.Features.Set(target);
        return next(context);
    }

    private static PathString ToPathString(string path) => path.StartsWith('/') ? PathString.FromUriComponent(path) : default;
}
