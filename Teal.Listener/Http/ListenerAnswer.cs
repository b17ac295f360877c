using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Teal.Core.Events;
using Teal.Core.Publishing;
using Teal.Web.Answers;
using Teal.Web.Pages;
using Teal.Web.Requests;

namespace Teal.Listener.Http;

/// <summary>The one place that says how a result of the listener reads as an HTTP answer.</summary>
internal static class ListenerAnswer
{
    /// <summary>An error: one line of text for the developer, or a page for the end user of a browser.</summary>
    public static Task TextAsync(HttpContext context, int status, string text)
    {
        if (BrowserPreference.PrefersHtml(context.Request))
        {
            context.Response.StatusCode = status;
            return PageAsync(context, KindOf(status));
        }

        return Answer.LineAsync(context, status, text);
    }

    /// <summary>The event was accepted, and the end user goes nowhere from here.</summary>
    /// <param name="context">The request.</param>
    /// <param name="isFailure">Whether it tells that the login failed.</param>
    public static Task AcceptedAsync(HttpContext context, bool isFailure)
    {
        if (BrowserPreference.PrefersHtml(context.Request)) return PageAsync(context, isFailure ? PageKind.Failed : PageKind.Done);

        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    /// <summary>An event that a machine sent: 204 without a body once it is accepted; never a redirect.</summary>
    /// <param name="context">The request.</param>
    /// <param name="body">Its body, which the event was made of.</param>
    /// <param name="event">The event.</param>
    /// <param name="isInvited">Whether somebody is known to have asked for it.</param>
    /// <param name="publisher">Takes it.</param>
    /// <param name="options">The settings.</param>
    public static async Task PublishAsync(
        HttpContext context, RequestBody body, TealEvent @event, bool isInvited, EventPublisher publisher, ListenerOptions options)
    {
        var isAccepted = body.TryBecome(@event)
            && await publisher.PublishAsync(@event, null, isInvited, context.TraceIdentifier) == PublishResult.Accepted;
        if (isAccepted) context.Response.StatusCode = StatusCodes.Status204NoContent;
        else await UnavailableAsync(context, options);
    }

    /// <summary>302, or 303 where something was posted, to exactly that address, which must be ASCII.</summary>
    public static Task Redirect(HttpContext context, string location)
    {
        // Behind a POST the first leaves it to the browser whether it posts again (RFC 9110 section 15.4.3).
        context.Response.StatusCode = HttpMethods.IsPost(context.Request.Method)
            ? StatusCodes.Status303SeeOther : StatusCodes.Status302Found;
        context.Response.Headers.Location = location;
        return Task.CompletedTask;
    }

    /// <summary>307 to the same address without the slash at its end.</summary>
    public static Task WithoutSlash(HttpContext context, RequestTarget target) =>
        Answer.WithoutSlash(context, target.Path, target.Text.AsSpan(target.Path.Length));

    /// <summary>The page whose script hands the fragment over.</summary>
    public static Task FragmentPageAsync(HttpContext context) => PageAsync(context, PageKind.Fragment);

    /// <summary>What arrived cannot be kept now.</summary>
    public static Task UnavailableAsync(HttpContext context, ListenerOptions options)
    {
        Answer.SetRetryAfter(context, options.RetryAfter);
        return TextAsync(context, StatusCodes.Status503ServiceUnavailable, "Temporarily unavailable, please try again");
    }

    private static PageKind KindOf(int status) => status switch
    {
        StatusCodes.Status400BadRequest => PageKind.Incomplete,
        StatusCodes.Status404NotFound => PageKind.Expired,
        StatusCodes.Status503ServiceUnavailable => PageKind.Unavailable,
        _ => PageKind.Wrong,
    };

    private static Task PageAsync(HttpContext context, PageKind kind) =>
        context.RequestServices.GetRequiredService<PageRenderer>().WriteAsync(context, kind);
}
