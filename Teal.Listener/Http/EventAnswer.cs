using Microsoft.AspNetCore.Http;
using Teal.Core.Events;
using Teal.Core.Publishing;

namespace Teal.Listener.Http;

/// <summary>Publishes an event that a machine sent, and answers it.</summary>
internal static class EventAnswer
{
    /// <summary>204 without a body once the event is accepted; never a redirect.</summary>
    /// <param name="context">The request.</param>
    /// <param name="body">Its body, which the event was made of.</param>
    /// <param name="event">The event.</param>
    /// <param name="isInvited">Whether somebody is known to have asked for it.</param>
    /// <param name="publisher">Takes it.</param>
    /// <param name="options">The settings.</param>
    public static async Task PublishAsync(
        HttpContext context, RequestBody body, TealEvent @event, bool isInvited, EventPublisher publisher, ListenerOptions options)
    {
        if (body.TryBecome(@event)
            && await publisher.PublishAsync(@event, null, isInvited, context.TraceIdentifier) == PublishResult.Accepted)
            context.Response.StatusCode = StatusCodes.Status204NoContent;
        else
            await ListenerAnswer.UnavailableAsync(context, options);
    }
}
