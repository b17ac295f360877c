using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Teal.Core.Events;
using Teal.Core.Publishing;
using Teal.Listener.Http;
using Teal.Web.Requests;

namespace Teal.Listener.Ciba;

/// <summary>
/// <c>/openid-ciba-callback</c>, the client notification endpoint of OpenID Connect CIBA Core 1.0 (specification 2.3). Whether the
/// bearer token is the right one is for the client to say, which gave it to the provider; here only its form is checked.
/// </summary>
internal sealed partial class CibaEndpoint(
    BodyReader bodies, EventPublisher publisher, ListenerOptions options, TimeProvider clock, ILogger<CibaEndpoint> logger)
{
    /// <summary>Where it is.</summary>
    public const string Path = "/openid-ciba-callback";

    public async Task HandleAsync(HttpContext context)
    {
        if (BearerToken.From(context.Request) is not { } token)
        {
            Log.Refused(logger, context.TraceIdentifier);
            context.Response.Headers.WWWAuthenticate = "Bearer";
            await ListenerAnswer.TextAsync(context, StatusCodes.Status401Unauthorized, "Invalid authentication");
            return;
        }

        using var body = await bodies.ReadAsync(context, options.MaximumCibaBodySize);
        if (body is null) return;

        if (CibaNotification.Read(body.Bytes, token, clock.GetUtcNow().UtcDateTime) is { } notification)
        {
            await ListenerAnswer.PublishAsync(context, body, notification, isInvited: false, publisher, options);
            return;
        }

        Log.Refused(logger, context.TraceIdentifier);
        await ListenerAnswer.TextAsync(context, StatusCodes.Status400BadRequest, "Invalid payload");
    }

    private static partial class Log
    {
        [LoggerMessage(2011, LogLevel.Debug, "A malformed CIBA notification was refused (request {RequestId})")]
        public static partial void Refused(ILogger logger, string requestId);
    }
}
