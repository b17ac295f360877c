using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Teal.Core.Events;
using Teal.Core.Hosting;
using Teal.Listener.Http;

namespace Teal.Listener.Callbacks;

/// <summary><c>/callback</c>, <c>/errback</c> and <c>/raw-callback</c> (specification 2.1).</summary>
internal sealed partial class CallbackEndpoint(
    CallbackDestinations destinations, EventPublisher publisher, ListenerOptions options, TimeProvider clock, ILogger<CallbackEndpoint> logger)
{
    private const string EmptyState = "Empty state";

    private readonly RepeatedMessage _storeFailed =
        new(logger, LogLevel.Error, "The state store did not answer, and the senders were told to try again", clock);

    /// <summary><c>/callback</c> and <c>/errback</c>: the parameters stand in the request's own query.</summary>
    public Task HandleAsync(HttpContext context)
    {
        var target = context.Features.GetRequiredFeature<RequestTarget>();
        if (target.Path.EndsWith('/')) return Answer.WithoutSlash(context, target);

        return QueryParameters.FindLast(target.Query.Span, "state") switch
        {
            null => Answer.FragmentPageAsync(context),
            "" => Answer.TextAsync(context, StatusCodes.Status400BadRequest, EmptyState),
            var state => AcceptAsync(context, target, state, target.Query, null),
        };
    }

    /// <summary><c>/raw-callback</c>: the parameters stand in the URL that the fragment page gives.</summary>
    public Task HandleRawAsync(HttpContext context)
    {
        var target = context.Features.GetRequiredFeature<RequestTarget>();
        if (target.Path.EndsWith('/')) return Answer.WithoutSlash(context, target);
        if (QueryParameters.FindLast(target.Query.Span, "full_url") is not { } text)
            return Answer.TextAsync(context, StatusCodes.Status400BadRequest, "Missing full URL");

        var url = FullUrl.Parse(text);
        return url.State switch
        {
            null => Answer.TextAsync(context, StatusCodes.Status400BadRequest, "Missing state in full URL"),
            "" => Answer.TextAsync(context, StatusCodes.Status400BadRequest, EmptyState),
            var state => AcceptAsync(context, target, state, url.Query.AsMemory(), url.Text),
        };
    }

    private async Task AcceptAsync(HttpContext context, RequestTarget target, string state, ReadOnlyMemory<char> query, string? fullUrl)
    {
        CallbackDestination? destination;
        try
        {
            destination = await destinations.FindAsync(state, query, context.Request);
        }
        catch (Exception exception)
        {
            var fault = exception.GetType().Name;
            if (_storeFailed.IsNew(fault)) Log.StoreFailed(logger, fault, context.TraceIdentifier);
            await Answer.UnavailableAsync(context, options);
            return;
        }

        if (_storeFailed.TryEnd()) Log.StoreAnswers(logger);
        if (destination is null)
        {
            Log.UnknownState(logger, context.TraceIdentifier);
            await Answer.TextAsync(context, StatusCodes.Status404NotFound, "Missing state");
            return;
        }

        if (!destination.IsStored && Topic.IsTooLong(destination.State))
        {
            await Answer.TextAsync(context, StatusCodes.Status400BadRequest, "State too long");
            return;
        }

        if (destination.WithFragment && fullUrl is null)
        {
            await Answer.FragmentPageAsync(context);
            return;
        }

        var url = fullUrl ?? RequestAddress.BaseUrl(context, options) + target.Text;
        var callback = new CallbackEvent(clock.GetUtcNow().UtcDateTime, url, destination.State);
        if (await publisher.PublishAsync(callback, destination.StateEnd, destination.IsStored, context.TraceIdentifier) != PublishResult.Accepted)
            await Answer.UnavailableAsync(context, options);
        else if (destination.Location is null)
            await Answer.AcceptedAsync(context);
        else
            await Answer.Redirect(context, destination.Location);
    }

    private static partial class Log
    {
        [LoggerMessage(2001, LogLevel.Debug, "A callback for a state that is unknown or expired was refused (request {RequestId})")]
        public static partial void UnknownState(ILogger logger, string requestId);

        [LoggerMessage(2002, LogLevel.Error, "The state store did not answer, and the sender was told to try again: {Fault} (request {RequestId})")]
        public static partial void StoreFailed(ILogger logger, string fault, string requestId);

        [LoggerMessage(2003, LogLevel.Information, "The state store answers again")]
        public static partial void StoreAnswers(ILogger logger);
    }
}
