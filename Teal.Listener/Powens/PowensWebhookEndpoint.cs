using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Teal.Core.Configuration;
using Teal.Core.Events;
using Teal.Core.Kinds;
using Teal.Core.Publishing;
using Teal.Core.Wire;
using Teal.Listener.Http;
using Teal.Web.Requests;

namespace Teal.Listener.Powens;

/// <summary><c>/powens-webhook/{domain}/{event}</c> (specification 2.4).</summary>
internal sealed partial class PowensWebhookEndpoint(
    BodyReader bodies, EventPublisher publisher, Live<ListenerOptions> live, TimeProvider clock, ILogger<PowensWebhookEndpoint> logger)
{
    public async Task HandleAsync(HttpContext context)
    {
        var target = context.Features.GetRequiredFeature<RequestTarget>();
        if (target.Path.EndsWith('/'))
        {
            await ListenerAnswer.WithoutSlash(context, target);
            return;
        }

        var rawPath = target.Path.ToString();
        if (PowensWebhookPath.Parse(rawPath) is not { } path)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        if (Topic.IsTooLong(path.Domain))
        {
            await RefuseAsync(
                context, StatusCodes.Status400BadRequest,
                $"Webhook misconfiguration: the domain is longer than {Topic.MaximumKeyBytes} bytes");
            return;
        }

        var options = live.Now;
        var publicPath = RequestAddress.PathPrefix(context, options.PublicUrl) + rawPath;
        var (authentication, fault) = path.Domain.Length > PowensWebhookEvent.DomainSuffix.Length
            && path.Domain.EndsWith(PowensWebhookEvent.DomainSuffix, StringComparison.Ordinal)
            ? PowensAuthentication.Read(context.Request, publicPath) : (null, Misconfigured(context, path, options));
        if (authentication is null)
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, fault!);
            return;
        }

        using var body = await bodies.ReadAsync(context, options.MaximumBodySize);
        if (body is null) return;

        if (options.PowensSecrets.TryGetValue(path.Domain, out var secret)
            && !PowensSignature.IsValid(authentication.Signature, body.Bytes.Span, secret))
        {
            context.Response.Headers.WWWAuthenticate = "BI-Signature";
            await RefuseAsync(context, StatusCodes.Status401Unauthorized, "Invalid signature");
            return;
        }

        await AcceptAsync(context, path, authentication, body, options);
    }

    private async Task AcceptAsync(
        HttpContext context, PowensWebhookPath path, PowensAuthentication authentication, RequestBody body, ListenerOptions options)
    {
        if (!Utf8Text.TryRead(body.Bytes, out var payload))
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, "The body is not valid UTF-8");
            return;
        }

        var webhook = new PowensWebhookEvent(
            clock.GetUtcNow().UtcDateTime, path.Domain, path.Event, authentication.Signature, authentication.UserToken, payload);
        await ListenerAnswer.PublishAsync(context, body, webhook, options.PowensSecrets.ContainsKey(path.Domain), publisher, options);
    }

    // The address as the sender knows it, its domain mended: what an operator has to put into the other side's configuration.
    private static string Misconfigured(HttpContext context, PowensWebhookPath path, ListenerOptions options)
    {
        var right = $"{RequestAddress.BaseUrl(context, options.PublicUrl)}/powens-webhook/" +
            $"{path.RawDomain}{PowensWebhookEvent.DomainSuffix}/{path.RawEvent}";
        return $"Webhook misconfiguration: endpoint must contain the \"{PowensWebhookEvent.DomainSuffix}\" suffix, such as: {right}";
    }

    private Task RefuseAsync(HttpContext context, int status, string text)
    {
        Log.Refused(logger, status, context.TraceIdentifier);
        return ListenerAnswer.TextAsync(context, status, text);
    }

    private static partial class Log
    {
        [LoggerMessage(2021, LogLevel.Debug, "A Powens webhook was refused with {Status} (request {RequestId})")]
        public static partial void Refused(ILogger logger, int status, string requestId);
    }
}
