using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Teal.Host.Serving;

/// <summary>
/// Tells a connection that a request is under way, so that it is not dropped for another one meanwhile, and bounds how slowly bodies
/// may come and answers be read, as far as each version of HTTP lets it.
/// </summary>
internal sealed class UnderWayMiddleware(RequestDelegate next)
{
    // The web server's own default: bytes in a second, and the time before it counts.
    private static readonly MinDataRate AnswerRate = new(240, TimeSpan.FromSeconds(5));

    public async Task InvokeAsync(HttpContext context)
    {
        var connection = context.Features.GetRequiredFeature<EndpointConnection>();

        if (connection.IsHttp2) PrepareHttp2(context);
        else context.Features.GetRequiredFeature<IHttpMinResponseDataRateFeature>().MinDataRate = AnswerRate;

        if (!connection.TryBegin(out var isLong))
        {
            // It was dropped a moment ago, and ends behind this request, unless it has ended.
            if (!context.RequestAborted.IsCancellationRequested) await next(context);
            return;
        }

        // The web server keeps a request's text until the connection's next one.
        if (isLong) context.Response.OnStarting(static context => CloseAsync((HttpContext)context), context);
        try
        {
            await next(context);
        }
        finally
        {
            connection.End(context.Request.ContentLength);
        }
    }

    private static void PrepareHttp2(HttpContext context)
    {
        // The web server would end the connection for one body that comes too slowly, and with it the requests of all others
        // whom a proxy has on it. Http:BodyTimeout ends the request.
        context.Features.GetRequiredFeature<IHttpMinRequestBodyDataRateFeature>().MinDataRate = null;

        // And it would warn of each such header, whoever asks.
        context.Response.OnStarting(static context => LeaveOutAsync((HttpContext)context), context);
    }

    // What has a meaning in HTTP/1.1 only (RFC 9113 section 8.2.2).
    private static Task LeaveOutAsync(HttpContext context)
    {
        context.Response.Headers.Connection = default;
        context.Response.Headers.Upgrade = default;
        return Task.CompletedTask;
    }

    private static Task CloseAsync(HttpContext context)
    {
        if (context.Response.StatusCode != StatusCodes.Status101SwitchingProtocols) context.Response.Headers.Connection = "close";
        return Task.CompletedTask;
    }
}
