using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Teal.Core.Addresses;
using Teal.Core.Hosting;
using Teal.Core.Identities;
using Teal.Web.Answers;
using Teal.Web.Door;
using Teal.Web.Sessions;

namespace Teal.Web.WebSockets;

/// <summary><c>/websocket</c>: the handshake (specification 3.2); the channel that follows outlives the request.</summary>
internal sealed partial class WebSocketEndpoint(
    OriginPolicy origins, Doorkeeper doorkeeper, ChannelTable channels, ChannelServices services, IEnumerable<IClientProtocol> protocols,
    TimeProvider clock, ILogger<WebSocketEndpoint> logger)
{
    /// <summary>Where it is.</summary>
    public const string Path = "/websocket";

    private readonly IClientProtocol[] _protocols = [.. protocols];
    private readonly RepeatedMessage _foreign =
        new(logger, LogLevel.Warning, "Handshakes of pages that may not connect were refused", clock);
    private readonly RepeatedMessage _noPlace = new(logger, LogLevel.Warning, "Handshakes were refused because there is no place", clock);

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

        if (!origins.Allows(context.Request))
        {
            if (_foreign.IsNew()) Log.Foreign(logger, NetworkOf(context), context.TraceIdentifier);
            return Answer.LineAsync(
                context, StatusCodes.Status403Forbidden,
                "Pages of this origin may not connect; Teal:Dispatcher:AllowedOrigins lists those that may");
        }

        return LetInAsync(context);
    }

    private async Task LetInAsync(HttpContext context)
    {
        var (network, standsForMany) = (NetworkOf(context), services.Options.StandsForMany(AddressOf(context)));
        var protocol = Select(context.WebSockets.WebSocketRequestedProtocols);
        Identity? identity = null;
        if (!protocol.AuthenticatesItself || HandshakeCredential.IsIn(context.Request))
        {
            var admission = await doorkeeper.DecideAsync(context.Request, network, standsForMany);
            identity = admission.Identity;
            if (identity is null)
            {
                await RefuseAsync(context, admission.Wait);
                return;
            }
        }

        ClientNetwork? share = standsForMany ? null : network;
        if (channels.TryTakePlace(share) is var place && place != PlaceResult.Taken)
        {
            if (_noPlace.IsNew(place.ToString())) Log.NoPlace(logger, place, network, context.TraceIdentifier);
            context.Response.Headers.RetryAfter = "5";
            await Answer.LineAsync(context, StatusCodes.Status503ServiceUnavailable, "No connection is taken now, please try again");
            return;
        }

        try
        {
            await ConnectAsync(context, protocol, identity, share);
        }
        catch
        {
            channels.LeavePlace(share);
            throw;
        }
    }

    private async Task ConnectAsync(HttpContext context, IClientProtocol protocol, Identity? identity, ClientNetwork? share)
    {
        var handover = context.Features.GetRequiredFeature<ConnectionHandover>();

        // Only for the handshake's answer: what comes back belongs to the request, and would keep it. Compression is never negotiated: it
        // costs tens of kilobytes for each connection, and leaks secrets by their length.
        await context.WebSockets.AcceptWebSocketAsync(
            new WebSocketAcceptContext { SubProtocol = protocol.Subprotocol, KeepAliveInterval = Timeout.InfiniteTimeSpan });
        handover.Promise(Successor(context.TraceIdentifier, protocol, identity, share));
    }

    // A method of its own, so that the function keeps nothing of the request.
    private Func<ConnectionContext, Task> Successor(string id, IClientProtocol protocol, Identity? identity, ClientNetwork? share) =>
        network => ServeAsync(network, id, protocol, identity, share);

    // The channel's whole life after the handshake.
    private async Task ServeAsync(ConnectionContext network, string id, IClientProtocol protocol, Identity? identity, ClientNetwork? share)
    {
        using var channel = new WebSocketChannel(id, share, network, services);
        Log.Opened(logger, id);
        try
        {
            await channels.RunAsync(channel, protocol.Open(channel, identity));
        }
        finally
        {
            channels.LeavePlace(share);
            Log.Closed(logger, id);
        }
    }

    // A Unix socket has none.
    private static IPAddress AddressOf(HttpContext context) => context.Connection.RemoteIpAddress ?? IPAddress.Loopback;

    private static ClientNetwork NetworkOf(HttpContext context) => ClientNetwork.Of(AddressOf(context));

    private IClientProtocol Select(IList<string> offered)
    {
        foreach (var name in offered)
        {
            if (Array.Find(_protocols, protocol => protocol.Subprotocol == name) is { } selected) return selected;
        }

        return Array.Find(_protocols, static protocol => protocol.Subprotocol is null)!;
    }

    // A credential that was not let in has used up its connection.
    private static Task RefuseAsync(HttpContext context, TimeSpan wait)
    {
        context.Response.Headers.Connection = "close";
        if (wait > TimeSpan.Zero)
        {
            Answer.SetRetryAfter(context, wait);
            return Answer.LineAsync(
                context, StatusCodes.Status429TooManyRequests, "Too many wrong passwords came from this address, please try again later");
        }

        context.Response.Headers.WWWAuthenticate = "Basic realm=\"teal\"";
        return Answer.LineAsync(context, StatusCodes.Status401Unauthorized, "User or password are missing or wrong");
    }

    private static partial class Log
    {
        [LoggerMessage(8021, LogLevel.Debug, "A client connected (connection {ConnectionId})")]
        public static partial void Opened(ILogger logger, string connectionId);

        [LoggerMessage(8022, LogLevel.Debug, "A client's connection ended (connection {ConnectionId})")]
        public static partial void Closed(ILogger logger, string connectionId);

        [LoggerMessage(8024, LogLevel.Warning,
            "A handshake was refused: {Place} (from {Address}, request {RequestId}); see Teal:Dispatcher:MaximumConnections and " +
            "MaximumConnectionsPerAddress")]
        public static partial void NoPlace(ILogger logger, PlaceResult place, ClientNetwork address, string requestId);

        [LoggerMessage(8025, LogLevel.Warning,
            "A page's handshake was refused, as Teal:Dispatcher:AllowedOrigins does not have its origin (from {Address}, request " +
            "{RequestId})")]
        public static partial void Foreign(ILogger logger, ClientNetwork address, string requestId);
    }
}
