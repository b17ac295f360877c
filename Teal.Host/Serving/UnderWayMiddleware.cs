using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Teal.Host.Serving;

/// <summary>Tells a connection that a request is under way, so that it is not dropped for another one meanwhile.</summary>
internal sealed class UnderWayMiddleware(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var connection = context.Features.GetRequiredFeature<EndpointConnection>();

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

    private static Task CloseAsync(HttpContext context)
    {
        if (context.Response.StatusCode != StatusCodes.Status101SwitchingProtocols) context.Response.Headers.Connection = "close";
        return Task.CompletedTask;
    }
}
