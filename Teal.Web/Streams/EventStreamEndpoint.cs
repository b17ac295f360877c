using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Teal.Core.Identities;
using Teal.Web.Answers;
using Teal.Web.Door;
using Teal.Web.Sessions;

namespace Teal.Web.Streams;

/// <summary>An address whose answers are event streams: lets clients in, and serves each until it goes or the process stops.</summary>
internal sealed partial class EventStreamEndpoint(
    Entrance entrance, ChannelTable channels, ChannelServices services, ILogger<EventStreamEndpoint> logger)
{
    /// <summary>Serves one client.</summary>
    /// <param name="context">Its request, GET or HEAD.</param>
    /// <param name="read">Reads what it asks for; null: it was answered, as it asks for what there is not.</param>
    public async Task HandleAsync(HttpContext context, Func<HttpContext, Identity, ValueTask<EventStreamRequest?>> read)
    {
        // The web server would wait for it at the end, for as long as the client likes.
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true })
        {
            context.Response.Headers.Connection = "close";
            await Answer.LineAsync(context, StatusCodes.Status400BadRequest, "A request for an event stream has no body");
            return;
        }

        // What the client has to say it has to say now.
        if (await entrance.TryEnterAsync(context, WaysIn.Ticket, mayComeUnknown: false) is not { } entry) return;

        try
        {
            var identity = entry.Identity!;
            if (await read(context, identity) is { } request) await AnswerAsync(context, request, identity, entry);
        }
        finally
        {
            channels.LeavePlace(entry.Share);
        }
    }

    private Task AnswerAsync(HttpContext context, EventStreamRequest request, Identity identity, Entry entry)
    {
        var headers = context.Response.Headers;
        (headers.ContentType, headers.CacheControl) = ("text/event-stream", "no-store");

        // nginx would hold back what it thinks too little to send.
        headers["X-Accel-Buffering"] = "no";
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : ServeAsync(context, request, identity, entry);
    }

    private async Task ServeAsync(HttpContext context, EventStreamRequest request, Identity identity, Entry entry)
    {
        var gone = EndlessAnswer.Begin(context, services.Options);
        await context.Response.StartAsync(CancellationToken.None);
        var output = new EventStreamWriter(context.Response.BodyWriter, services.Clock);
        var channel = new EventStreamChannel(context, output, entry.Share, request.Messages, services, gone);
        Log.Opened(logger, channel.Id);
        try
        {
            await channels.RunAsync(channel, request.Open(channel, identity), identity);
        }
        finally
        {
            Log.Closed(logger, channel.Id);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(8033, LogLevel.Debug, "A client opened an event stream (connection {ConnectionId})")]
        public static partial void Opened(ILogger logger, string connectionId);

        [LoggerMessage(8034, LogLevel.Debug, "A client's event stream ended (connection {ConnectionId})")]
        public static partial void Closed(ILogger logger, string connectionId);
    }
}
