using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Teal.Host.Configuration;

namespace Teal.Host.Serving;

/// <summary>
/// Says once that a request came through a proxy that is not trusted. Then events may carry addresses that nobody can reach,
/// and all clients behind the proxy count as one.
/// </summary>
internal sealed partial class UntrustedProxyMiddleware(RequestDelegate next, TealOptions options, ILogger<UntrustedProxyMiddleware> logger)
{
    private int _isSaid;

    public Task InvokeAsync(HttpContext context)
    {
        if (_isSaid == 0 && IsForwarded(context.Request.Headers) && !IsTrusted(context.Connection.RemoteIpAddress)
            && Interlocked.Exchange(ref _isSaid, 1) == 0)
            Log.Untrusted(logger, context.Connection.RemoteIpAddress);
        return next(context);
    }

    private static bool IsForwarded(IHeaderDictionary headers) =>
        headers.ContainsKey("X-Forwarded-For") || headers.ContainsKey("X-Forwarded-Proto") || headers.ContainsKey("X-Forwarded-Host");

    private bool IsTrusted(IPAddress? address) => address is not null && options.Trusts(address);

    private static partial class Log
    {
        [LoggerMessage(
            5041, LogLevel.Warning,
            "A request from {Address} has X-Forwarded headers, and Teal:TrustedProxies does not have that address. " +
            "If your proxy is there, set Teal:TrustedProxies, and Teal:Listener:PublicUrl and Teal:Dispatcher:PublicUrl")]
        public static partial void Untrusted(ILogger logger, IPAddress? address);
    }
}
