using Microsoft.AspNetCore.Http;
using Teal.Core.Events;

namespace Teal.Listener.Http;

/// <summary>Publishes an event that a machine sent, and answers it.</summary>
internal static class EventAnswer
{
    /// <summary>204 without a body once the event is accepted; never a redirect.</summary>
    public static async Task PublishAsync(HttpContext context, TealEvent @event, EventPublisher publisher, ListenerOptions options)
    {
        if (await publisher.PublishAsync(@event, null, context.TraceIdentifier) == PublishResult.Accepted)
            context.Response.StatusCode = StatusCodes.Status204NoContent;
        else
            await Answer.UnavailableAsync(context, options);
    }
}
