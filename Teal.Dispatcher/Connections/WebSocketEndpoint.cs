using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Teal.Core.Addresses;
using Teal.Core.Hosting;
using Teal.Dispatcher.Authentication;
using Teal.Dispatcher.Commands;
using Teal.Dispatcher.Protocols;
using Teal.Dispatcher.Registrations;
using Teal.Web.Answers;

namespace Teal.Dispatcher.Connections;

/// <summary><c>/websocket</c>: the handshake (specification 3.2); the connection that follows outlives the request.</summary>
internal sealed partial class WebSocketEndpoint(
    OriginPolicy origins, Doorkeeper doorkeeper, ConnectionTable connections, RegistrationTable registrations, CommandHandler handler, SendBudget budget,
    IEnumerable<IClientProtocol> protocols, DispatcherOptions options, TimeProvider clock, ILogger<ClientConnection> logger)
{
    private readonly IClientProtocol[] _protocols = [.. protocols];
    private readonly RepeatedMessage _foreign = new(logger, LogLevel.Warning, "Handshakes of pages that may not connect were refused", clock);
    private readonly RepeatedMessage _noPlace = new(logger, LogLevel.Warning, "Handshakes were refused because there is no place", clock);
    private readonly RepeatedMessage _tooSlow = new(logger, LogLevel.Warning, "Clients that read too slowly were disconnected", clock);

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
            return Answer.LineAsync(context, StatusCodes.Status403Forbidden, "Pages of this origin may not connect; Teal:Dispatcher:AllowedOrigins lists those that may");
        }

        return LetInAsync(context);
    }

    private async Task LetInAsync(HttpContext context)
    {
        var (network, standsForMany) = (NetworkOf(context), options.StandsForMany(AddressOf(context)));
        var admission = await doorkeeper.DecideAsync(context.Request, network, standsForMany);
        if (admission.Identity is not { } identity)
        {
            await RefuseAsync(context, admission.Wait);
            return;
        }

        ClientNetwork? share = standsForMany ? null : network;
        if (connections.TryTakePlace(share) is var place && place != PlaceResult.Taken)
        {
            if (_noPlace.IsNew(place.ToString())) Log.NoPlace(logger, place, network, context.TraceIdentifier);
            context.Response.Headers.RetryAfter = "5";
            await Answer.LineAsync(context, StatusCodes.Status503ServiceUnavailable, "No connection is taken now, please try again");
            return;
        }

        try
        {
            await ConnectAsync(context, identity, share);
        }
        catch
        {
            connections.LeavePlace(share);
            throw;
        }
    }

    private async Task ConnectAsync(HttpContext context, Identity identity, ClientNetwork? share)
    {
        var protocol = Select(context.WebSockets.WebSocketRequestedProtocols);
        var handover = context.Features.GetRequiredFeature<ConnectionHandover>();

        // Only for the handshake's answer: what comes back belongs to the request, and would keep it. Compression is never negotiated: it costs
        // tens of kilobytes for each connection, and leaks secrets by their length.
        await context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext { SubProtocol = protocol.Subprotocol, KeepAliveInterval = Timeout.InfiniteTimeSpan });
        handover.Promise(Successor(context.TraceIdentifier, identity, protocol, share));
    }

    // A method of its own, so that the function keeps nothing of the request.
    private Func<ConnectionContext, Task> Successor(string id, Identity identity, IClientProtocol protocol, ClientNetwork? share) =>
        network => ServeAsync(network, id, identity, protocol, share);

    // The connection's whole life after the handshake.
    private async Task ServeAsync(ConnectionContext network, string id, Identity identity, IClientProtocol protocol, ClientNetwork? share)
    {
        using var connection = new ClientConnection(id, identity, protocol, network, handler, budget, options, clock, logger, _tooSlow) { Client = share };
        Log.Opened(logger, id);
        try
        {
            await connections.RunAsync(connection);
        }
        finally
        {
            registrations.RemoveAll(connection);
            connections.LeavePlace(share);
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
            return Answer.LineAsync(context, StatusCodes.Status429TooManyRequests, "Too many wrong passwords came from this address, please try again later");
        }

        context.Response.Headers.WWWAuthenticate = "Basic realm=\"teal\"";
        return Answer.LineAsync(context, StatusCodes.Status401Unauthorized, "User or password are missing or wrong");
    }

    private static partial class Log
    {
        [LoggerMessage(3021, LogLevel.Debug, "A client connected (connection {ConnectionId})")]
        public static partial void Opened(ILogger logger, string connectionId);

        [LoggerMessage(3022, LogLevel.Debug, "A client's connection ended (connection {ConnectionId})")]
        public static partial void Closed(ILogger logger, string connectionId);

        [LoggerMessage(3024, LogLevel.Warning, "A handshake was refused: {Place} (from {Address}, request {RequestId}); see Teal:Dispatcher:MaximumConnections and MaximumConnectionsPerAddress")]
        public static partial void NoPlace(ILogger logger, PlaceResult place, ClientNetwork address, string requestId);

        [LoggerMessage(3025, LogLevel.Warning, "A page's handshake was refused, as Teal:Dispatcher:AllowedOrigins does not have its origin (from {Address}, request {RequestId})")]
        public static partial void Foreign(ILogger logger, ClientNetwork address, string requestId);
    }
}
