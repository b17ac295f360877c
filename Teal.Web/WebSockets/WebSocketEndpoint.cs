using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Teal.Web.Answers;
using Teal.Web.Door;
using Teal.Web.Sessions;

namespace Teal.Web.WebSockets;

/// <summary><c>/websocket</c>: the handshake (specification 3.2); the channel that follows outlives the request.</summary>
internal sealed partial class WebSocketEndpoint(
    Entrance entrance, ChannelTable channels, ChannelServices services, IEnumerable<IClientProtocol> protocols,
    ILogger<WebSocketEndpoint> logger)
{
    /// <summary>Where it is.</summary>
    public const string Path = "/websocket";

    private readonly IClientProtocol[] _protocols = [.. protocols];

    /// <summary>Shakes hands, or says why not.</summary>
    public Task HandleAsync(HttpContext context)
    {
        // Routing takes the address with a slash as well; as a websocket it cannot be redirected.
        if (context.Request.Path.Value!.EndsWith('/'))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }

        if (HandshakeForm.FaultOf(context) is { } fault)
        {
            if (fault.Status == StatusCodes.Status426UpgradeRequired)
                (context.Response.Headers.Upgrade, context.Response.Headers.SecWebSocketVersion) = ("websocket", "13");
            return Answer.LineAsync(context, fault.Status, fault.Text);
        }

        return ConnectAsync(context);
    }

    private async Task ConnectAsync(HttpContext context)
    {
        var protocol = Select(context.WebSockets.WebSocketRequestedProtocols);
        const WaysIn Ways = WaysIn.Ticket | WaysIn.Credentials;
        if (await entrance.TryEnterAsync(context, Ways, protocol.AuthenticatesItself) is not { } entry) return;

        try
        {
            await AcceptAsync(context, protocol, entry);
        }
        catch
        {
            channels.LeavePlace(entry.Share);
            throw;
        }
    }

    private async Task AcceptAsync(HttpContext context, IClientProtocol protocol, Entry entry)
    {
        var handover = context.Features.GetRequiredFeature<ConnectionHandover>();

        // Only for the handshake's answer: what comes back belongs to the request, and would keep it. Compression is never negotiated: it
        // costs tens of kilobytes for each connection, and leaks secrets by their length.
        await context.WebSockets.AcceptWebSocketAsync(
            new WebSocketAcceptContext { SubProtocol = protocol.Subprotocol, KeepAliveInterval = Timeout.InfiniteTimeSpan });
        handover.Promise(Successor(context.TraceIdentifier, protocol, entry));
    }

    // A method of its own, so that the function keeps nothing of the request.
    private Func<ConnectionContext, Task> Successor(string id, IClientProtocol protocol, Entry entry) =>
        network => ServeAsync(network, id, protocol, entry);

    // The channel's whole life after the handshake.
    private async Task ServeAsync(ConnectionContext network, string id, IClientProtocol protocol, Entry entry)
    {
        using var channel = new WebSocketChannel(id, entry.Share, network, services);
        Log.Opened(logger, id);
        try
        {
            await channels.RunAsync(channel, protocol.Open(channel, entry.Identity), entry.Identity);
        }
        finally
        {
            channels.LeavePlace(entry.Share);
            Log.Closed(logger, id);
        }
    }

    private IClientProtocol Select(IList<string> offered)
    {
        foreach (var name in offered)
        {
            if (Array.Find(_protocols, protocol => protocol.Subprotocol == name) is { } selected) return selected;
        }

        return Array.Find(_protocols, static protocol => protocol.Subprotocol is null)!;
    }

    private static partial class Log
    {
        [LoggerMessage(8021, LogLevel.Debug, "A client connected (connection {ConnectionId})")]
        public static partial void Opened(ILogger logger, string connectionId);

        [LoggerMessage(8022, LogLevel.Debug, "A client's connection ended (connection {ConnectionId})")]
        public static partial void Closed(ILogger logger, string connectionId);
    }
}
