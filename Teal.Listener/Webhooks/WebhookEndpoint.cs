using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Teal.Core.Hosting;
using Teal.Core.Kinds;
using Teal.Core.Publishing;
using Teal.Listener.Http;
using Teal.Web.Answers;
using Teal.Webhooks.Directory;
using Teal.Webhooks.Intake;
using Teal.Webhooks.Requests;
using Teal.Webhooks.Schemes;

namespace Teal.Listener.Webhooks;

/// <summary><c>/hook/{address}</c>: webhooks of anybody (specification 9.2).</summary>
internal sealed partial class WebhookEndpoint(
    WebhookDirectory directory, WebhookQuota quota, Deliveries deliveries, BodyReader bodies, EventPublisher publisher,
    ListenerOptions options, TimeProvider clock, ILogger<WebhookEndpoint> logger)
{
    // What a sender can repeat is said once and then in sum.
    private readonly RepeatedMessage _storeFailed =
        new(logger, LogLevel.Error, "The store did not answer, and the senders of webhooks were told to try again", clock);

    private readonly RepeatedMessage _refused = new(logger, LogLevel.Warning, "Webhooks without a valid signature were refused", clock);
    private readonly RepeatedMessage _tooMany = new(logger, LogLevel.Warning, "Webhooks were refused that are over their quota", clock);

    /// <summary>Takes a request.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        var target = context.Features.GetRequiredFeature<RequestTarget>();

        // Of addresses that Teal makes, none has a «&» in the place of a «?», or an encoded letter.
        var isOne = !target.HasAlternativeSeparator && target.Path.StartsWith(WebhookAddresses.Prefix, StringComparison.Ordinal);
        var (open, isKnown) = !isOne ? (null, true)
            : await FindAsync(context, target.Path[WebhookAddresses.Prefix.Length..].ToString());
        if (!isKnown)
        {
            await ListenerAnswer.UnavailableAsync(context, options);
        }
        else if (open is null)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
        }
        else
        {
            using var body = await bodies.ReadAsync(context, options.MaximumBodySize, isRaw: true);
            if (body is null) return;

            await HandleAsync(context, open, WebhookRequests.From(context, target, body.Bytes, options.PublicUrl), body);
        }
    }

    private async Task HandleAsync(HttpContext context, OpenWebhook open, WebhookRequest request, RequestBody body)
    {
        var (webhook, verifier) = open;
        var verdict = verifier.Verify(request, clock.GetUtcNow());
        if (verifier.AnswerTo(request, verdict.IsVerified) is { } answer)
        {
            Log.Answered(logger, webhook.Key, context.TraceIdentifier);
            await AnswerAsync(context, answer);
        }
        else if (!webhook.Methods.Contains(request.Method))
        {
            context.Response.Headers.Allow = string.Join(", ", webhook.Methods);
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
        }
        else if (verifier.IsSigned && webhook.Enforces && !verdict.IsVerified)
        {
            if (_refused.IsNew(webhook.Key)) Log.Refused(logger, webhook.Key, verdict.Reason, context.TraceIdentifier);
            context.Response.Headers.WWWAuthenticate = "Signature";
            await Answer.LineAsync(context, StatusCodes.Status401Unauthorized, "The signature is missing or wrong");
        }
        else
        {
            await TakeAsync(context, open, request, body, verdict);
        }
    }

    private async Task TakeAsync(HttpContext context, OpenWebhook open, WebhookRequest request, RequestBody body, Verdict verdict)
    {
        var (webhook, verifier) = open;
        var id = verifier.DeliveryIdOf(request);
        var @event = new WebhookEvent(
            clock.GetUtcNow().UtcDateTime, webhook.Key, id, request.Method,
            context.Features.GetRequiredFeature<RequestTarget>().Text, request.Headers, request.Body,
            verdict.IsVerified ? new WebhookSignature(webhook.Provider, verdict.Secret) : null)
        {
            Owner = webhook.Team,
        };

        // An id that nobody signed proves nothing: whoever guesses it could keep the real one away.
        TimeSpan? wait = null;
        var isTaken = id is not null && verdict.IsVerified
            ? await deliveries.TakeOnceAsync(webhook, id, TryPublishAsync) : await TryPublishAsync();
        if (isTaken)
        {
            await AnswerAsync(context, verifier.Accepted);
        }
        else if (wait is { } retryAfter)
        {
            if (_tooMany.IsNew(webhook.Key)) Log.TooMany(logger, webhook.Key, context.TraceIdentifier);
            Answer.SetRetryAfter(context, retryAfter);
            await Answer.LineAsync(
                context, StatusCodes.Status429TooManyRequests, "Too many events within a minute, please try again later");
        }
        else
        {
            await ListenerAnswer.UnavailableAsync(context, options);
        }

        async Task<bool> TryPublishAsync()
        {
            if (!quota.TryTake(webhook, out var retryAfter))
            {
                wait = retryAfter;
                return false;
            }

            return body.TryBecome(@event)
                && await publisher.PublishAsync(@event, null, isInvited: true, context.TraceIdentifier) == PublishResult.Accepted;
        }
    }

    // Neither: the store is away.
    private async ValueTask<(OpenWebhook? Open, bool IsKnown)> FindAsync(HttpContext context, string path)
    {
        var slash = path.IndexOf('/', StringComparison.Ordinal);
        try
        {
            var open = await directory.FindAsync(slash < 0 ? path : path[..slash], context.RequestAborted);
            if (_storeFailed.TryEnd()) Log.StoreAnswers(logger);
            return (slash >= 0 && open?.Webhook.TakesSubpaths == false ? null : open, true);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            var fault = StoreException.Describe(exception);
            if (_storeFailed.IsNew(fault)) Log.StoreFailed(logger, fault, context.TraceIdentifier);
            return (null, false);
        }
    }

    // What is reflected is never a page, whatever it holds.
    private static Task AnswerAsync(HttpContext context, SchemeAnswer answer)
    {
        context.Response.Headers.XContentTypeOptions = "nosniff";
        foreach (var (name, value) in answer.Headers) context.Response.Headers[name] = value;
        context.Response.StatusCode = answer.Status;
        if (answer.Text.Length == 0) return Task.CompletedTask;

        context.Response.ContentType = answer.ContentType;
        return context.Response.WriteAsync(answer.Text, context.RequestAborted);
    }

    private static partial class Log
    {
        [LoggerMessage(2041, LogLevel.Debug, "The webhook {Webhook} answered a question of its provider (request {RequestId})")]
        public static partial void Answered(ILogger logger, string webhook, string requestId);

        [LoggerMessage(
            2042, LogLevel.Warning, "The webhook {Webhook} refused a request: its signature is {Reason} (request {RequestId})")]
        public static partial void Refused(ILogger logger, string webhook, VerdictReason reason, string requestId);

        [LoggerMessage(2043, LogLevel.Warning,
            "The webhook {Webhook} got more events within a minute than it may (Teal:Webhooks:MaximumPerMinute, request {RequestId})")]
        public static partial void TooMany(ILogger logger, string webhook, string requestId);

        [LoggerMessage(2044, LogLevel.Error,
            "The store did not answer, and the sender of a webhook was told to try again: {Fault} (request {RequestId})")]
        public static partial void StoreFailed(ILogger logger, string fault, string requestId);

        [LoggerMessage(2045, LogLevel.Information, "The store answers again, and webhooks are taken")]
        public static partial void StoreAnswers(ILogger logger);
    }
}
