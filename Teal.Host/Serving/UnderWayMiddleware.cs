using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Teal.Host.Serving;

/// <summary>Tells a connection that a request is under way, so that it is not dropped for another one meanwhile.</summary>
internal sealed class UnderWayMiddleware(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var connection = context.Features.GetRequiredFeature<EndpointConnection>();

        if (!connection.TryBegin())
        {
            // It was dropped a moment ago, and ends behind this request, unless it has ended.
            if (!context.RequestAborted.IsCancellationRequested) await next(context);
            return;
        }

        try
        {
            await next(context);
        }
        finally
        {
            connection.End(context.Request.ContentLength);
        }
    }
}
