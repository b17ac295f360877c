using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Teal.Core.Hosting;
using Teal.Core.Kinds;
using Teal.Core.Publishing;
using Teal.Listener.Http;
using Teal.Web.Requests;

namespace Teal.Listener.Ciba;

/// <summary>
/// <c>/openid-ciba-callback</c>, the client notification endpoint of OpenID Connect CIBA Core 1.0 (specification 2.3). Whether the
/// bearer token is the right one is known of requests that were created (<see cref="CibaDoor"/>). For others it is for the client to say,
/// which gave it to the provider, and here only its form is checked.
/// </summary>
internal sealed partial class CibaEndpoint(
    CibaDoor door, BodyReader bodies, EventPublisher publisher, ListenerOptions options, TimeProvider clock, ILogger<CibaEndpoint> logger)
{
    /// <summary>Where it is.</summary>
    public const string Path = "/openid-ciba-callback";

    // What a sender can repeat is said once and then in sum.
    private readonly RepeatedMessage _storeFailed =
        new(logger, LogLevel.Error, "The store did not answer, and the senders were told to try again", clock);

    public async Task HandleAsync(HttpContext context)
    {
        if (BearerToken.From(context.Request) is not { } token)
        {
            await RefuseAsync(context);
            return;
        }

        using var body = await bodies.ReadAsync(context, options.MaximumCibaBodySize);
        if (body is null) return;

        if (CibaNotification.Read(body.Bytes, token, clock.GetUtcNow().UtcDateTime) is not { } notification)
        {
            Log.Refused(logger, context.TraceIdentifier);
            await ListenerAnswer.TextAsync(context, StatusCodes.Status400BadRequest, "Invalid payload");
        }
        else if (await AskDoorAsync(context, notification) is not { } admission)
        {
            await ListenerAnswer.UnavailableAsync(context, options);
        }
        else if (!admission.IsAdmitted)
        {
            await RefuseAsync(context);
        }
        else
        {
            var owned = admission.Owner is { } owner ? notification with { Owner = owner } : notification;
            await ListenerAnswer.PublishAsync(context, body, owned, isInvited: admission.Owner is not null, publisher, options);
        }
    }

    // One answer for whatever it is refused for.
    private Task RefuseAsync(HttpContext context)
    {
        Log.Refused(logger, context.TraceIdentifier);
        context.Response.Headers.WWWAuthenticate = "Bearer";
        return ListenerAnswer.TextAsync(context, StatusCodes.Status401Unauthorized, "Invalid authentication");
    }

    // Null: the store is away.
    private async ValueTask<CibaAdmission?> AskDoorAsync(HttpContext context, OpenIdCibaEvent notification)
    {
        try
        {
            var admission = await door.AdmitAsync(notification);
            if (_storeFailed.TryEnd()) Log.StoreAnswers(logger);
            return admission;
        }
        catch (Exception exception)
        {
            var fault = StoreException.Describe(exception);
            if (_storeFailed.IsNew(fault)) Log.StoreFailed(logger, fault, context.TraceIdentifier);
            return null;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(2011, LogLevel.Debug, "A CIBA notification was refused (request {RequestId})")]
        public static partial void Refused(ILogger logger, string requestId);

        [LoggerMessage(
            2012, LogLevel.Error, "The store did not answer, and the sender was told to try again: {Fault} (request {RequestId})")]
        public static partial void StoreFailed(ILogger logger, string fault, string requestId);

        [LoggerMessage(2013, LogLevel.Information, "The store answers again")]
        public static partial void StoreAnswers(ILogger logger);
    }
}
