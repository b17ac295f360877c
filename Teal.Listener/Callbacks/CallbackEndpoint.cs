using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Teal.Core.Events;
using Teal.Core.Hosting;
using Teal.Core.Kinds;
using Teal.Core.Publishing;
using Teal.Listener.Http;
using Teal.Web.Requests;

namespace Teal.Listener.Callbacks;

/// <summary><c>/callback</c>, <c>/errback</c> and <c>/raw-callback</c> (specification 2.1).</summary>
internal sealed partial class CallbackEndpoint(
    CallbackDestinations destinations, BodyReader bodies, EventPublisher publisher, ListenerOptions options, TimeProvider clock,
    ILogger<CallbackEndpoint> logger)
{
    /// <summary>Where redirects go.</summary>
    public const string Path = "/callback";

    /// <summary>Where redirects go that tell of a failure.</summary>
    public const string ErrorPath = "/errback";

    private const string EmptyState = "Empty state", MissingState = "Missing state";

    private readonly RepeatedMessage _storeFailed =
        new(logger, LogLevel.Error, "The state store did not answer, and the senders were told to try again", clock);

    private readonly RepeatedMessage _heldBack =
        new(logger, LogLevel.Information, "End users were not redirected, as the redirects of the states' makers changed", clock);

    /// <summary><c>/callback</c> and <c>/errback</c>: the parameters stand in the request's own query.</summary>
    public Task HandleAsync(HttpContext context)
    {
        var target = context.Features.GetRequiredFeature<RequestTarget>();
        if (target.Path.EndsWith('/')) return ListenerAnswer.WithoutSlash(context, target);

        return StateParameter.Find(target.Query.Span) switch
        {
            null when Prefetch.IsAskedFor(context.Request) => ListenerAnswer.UnavailableAsync(context, options),
            null => ListenerAnswer.FragmentPageAsync(context),
            "" => ListenerAnswer.TextAsync(context, StatusCodes.Status400BadRequest, EmptyState),
            var state => AcceptAsync(context, new Hit(state, target, null)),
        };
    }

    /// <summary>
    /// The same, posted as a form by the end user's browser: its parameters count as if they stood behind those of the query.
    /// </summary>
    public async Task HandleFormAsync(HttpContext context)
    {
        var target = context.Features.GetRequiredFeature<RequestTarget>();
        if (target.Path.EndsWith('/'))
        {
            await ListenerAnswer.WithoutSlash(context, target);
            return;
        }

        if (!CallbackForm.IsIn(context.Request))
        {
            await ListenerAnswer.TextAsync(
                context, StatusCodes.Status415UnsupportedMediaType,
                $"Unsupported media type: a form is expected ({CallbackForm.MediaType})");
            return;
        }

        using var body = await bodies.ReadAsync(context, options.MaximumFormSize);
        if (body is null) return;

        target = CallbackForm.AppendTo(target, body.Bytes.Span);
        await (StateParameter.Find(target.Query.Span) switch
        {
            null => ListenerAnswer.TextAsync(context, StatusCodes.Status400BadRequest, MissingState),
            "" => ListenerAnswer.TextAsync(context, StatusCodes.Status400BadRequest, EmptyState),
            var state => AcceptAsync(context, new Hit(state, target, null) { Form = body }),
        });
    }

    /// <summary><c>/raw-callback</c>: the parameters stand in the URL that the fragment page gives.</summary>
    public Task HandleRawAsync(HttpContext context)
    {
        var target = context.Features.GetRequiredFeature<RequestTarget>();
        if (target.Path.EndsWith('/')) return ListenerAnswer.WithoutSlash(context, target);
        if (QueryParameters.FindLast(target.Query.Span, "full_url") is not { } text)
            return ListenerAnswer.TextAsync(context, StatusCodes.Status400BadRequest, "Missing full URL");

        var url = FullUrl.Parse(text);
        return url.State switch
        {
            null => ListenerAnswer.TextAsync(context, StatusCodes.Status400BadRequest, "Missing state in full URL"),
            "" => ListenerAnswer.TextAsync(context, StatusCodes.Status400BadRequest, EmptyState),
            var state => AcceptAsync(context, new Hit(state, target, url)),
        };
    }

    private async Task AcceptAsync(HttpContext context, Hit hit)
    {
        if (Prefetch.IsAskedFor(context.Request))
        {
            // The browser discards the answer, and asks again when its user comes.
            await ListenerAnswer.UnavailableAsync(context, options);
            return;
        }

        CallbackDestination? destination;
        try
        {
            destination = await destinations.FindAsync(hit.State, hit.Query, context.Request);
        }
        catch (Exception exception)
        {
            var fault = StoreException.Describe(exception);
            if (_storeFailed.IsNew(fault)) Log.StoreFailed(logger, fault, context.TraceIdentifier);
            await ListenerAnswer.UnavailableAsync(context, options);
            return;
        }

        if (_storeFailed.TryEnd()) Log.StoreAnswers(logger);
        if (destination is null)
        {
            Log.UnknownState(logger, context.TraceIdentifier);
            await ListenerAnswer.TextAsync(context, StatusCodes.Status404NotFound, MissingState);
            return;
        }

        if (!destination.IsStored && Topic.IsTooLong(destination.State))
        {
            await ListenerAnswer.TextAsync(context, StatusCodes.Status400BadRequest, "State too long");
            return;
        }

        if (destination.WithFragment && hit is { FullUrl: null, Form: null })
        {
            await ListenerAnswer.FragmentPageAsync(context);
            return;
        }

        var url = hit.FullUrl?.Text ?? RequestAddress.BaseUrl(context, options.PublicUrl) + hit.Target.Text;
        var callback = new CallbackEvent(clock.GetUtcNow().UtcDateTime, url, destination.State, hit.Form is not null)
        {
            Owner = destination.Owner,
        };
        if (hit.Form?.TryBecome(callback) == false
            || await publisher.PublishAsync(callback, destination.StateEnd, destination.IsStored, context.TraceIdentifier)
                != PublishResult.Accepted)
            await ListenerAnswer.UnavailableAsync(context, options);
        else if (destination.Location is null)
            await EndHereAsync(context, hit, destination);
        else
            await ListenerAnswer.Redirect(context, destination.Location);
    }

    private Task EndHereAsync(HttpContext context, Hit hit, CallbackDestination destination)
    {
        if (destination.IsHeldBack && _heldBack.IsNew()) Log.HeldBack(logger, destination.Owner, context.TraceIdentifier);
        return ListenerAnswer.AcceptedAsync(context, hit.TellsFailure);
    }

    /// <summary>What a request brought.</summary>
    /// <param name="State">The decoded state.</param>
    /// <param name="Target">The request's target, with the parameters of its form.</param>
    /// <param name="FullUrl">The URL that the fragment page gave; null: it is no such request.</param>
    private readonly record struct Hit(string State, RequestTarget Target, FullUrl? FullUrl)
    {
        /// <summary>The posted form; null: it is no such request.</summary>
        public RequestBody? Form { get; init; }

        /// <summary>Whether the login failed: an error is among the parameters, or it came to the address for errors.</summary>
        public bool TellsFailure =>
            FullUrl?.TellsError
            ?? (Target.Path.Equals(ErrorPath, StringComparison.OrdinalIgnoreCase) || StateParameter.TellsError(Target.Query.Span));

        /// <summary>The parameters, undecoded.</summary>
        public ReadOnlyMemory<char> Query => FullUrl?.Query.AsMemory() ?? Target.Query;
    }

    private static partial class Log
    {
        [LoggerMessage(2001, LogLevel.Debug, "A callback for a state that is unknown or expired was refused (request {RequestId})")]
        public static partial void UnknownState(ILogger logger, string requestId);

        [LoggerMessage(
            2002, LogLevel.Error, "The state store did not answer, and the sender was told to try again: {Fault} (request {RequestId})")]
        public static partial void StoreFailed(ILogger logger, string fault, string requestId);

        [LoggerMessage(2004, LogLevel.Information,
            "An end user was not redirected, as the redirects of who made the state do not allow it any more (team {Team}, " +
            "request {RequestId})")]
        public static partial void HeldBack(ILogger logger, string? team, string requestId);

        [LoggerMessage(2003, LogLevel.Information, "The state store answers again")]
        public static partial void StoreAnswers(ILogger logger);
    }
}
