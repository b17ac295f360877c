using System.Text;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Teal.Dispatcher.Authentication;
using Teal.Dispatcher.Protocols;
using Teal.Dispatcher.Registrations;
using Teal.Dispatcher.Requests;

namespace Teal.Dispatcher.Connections;

/// <summary><c>/websocket</c>: the handshake (specification 3.2); the connection that follows outlives the request.</summary>
internal sealed partial class WebSocketEndpoint(
    IAuthenticator authenticator, ConnectionTable connections, RegistrationTable registrations, RequestHandler handler, SendBudget budget,
    IEnumerable<IClientProtocol> protocols, DispatcherOptions options, TimeProvider clock, ILogger<ClientConnection> logger)
{
    private readonly IClientProtocol[] _protocols = [.. protocols];

    public async Task HandleAsync(HttpContext context)
    {
        // Routing takes the address with a slash as well; as a websocket it cannot be redirected.
        if (context.Request.Path.Value!.EndsWith('/'))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        if (!context.WebSockets.IsWebSocketRequest)
        {
            context.Response.Headers.Upgrade = "websocket";
            context.Response.Headers.SecWebSocketVersion = "13";
            await RefuseAsync(context, StatusCodes.Status426UpgradeRequired, "This address takes websocket connections (RFC 6455, version 13)");
            return;
        }

        var credential = HandshakeCredential.From(context.Request);
        var identity = credential is null ? null : await authenticator.AuthenticateAsync(credential, context.RequestAborted);
        if (identity is null)
        {
            Log.NotAuthenticated(logger, context.TraceIdentifier);
            context.Response.Headers.WWWAuthenticate = "Basic realm=\"teal\"";
            await RefuseAsync(context, StatusCodes.Status401Unauthorized, "User or password are missing or wrong");
            return;
        }

        if (!connections.TryTakePlace())
        {
            Log.NoPlace(logger, context.TraceIdentifier);
            context.Response.Headers.RetryAfter = "5";
            await RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, "No connection is taken now, please try again");
            return;
        }

        try
        {
            await ConnectAsync(context, identity);
        }
        catch
        {
            connections.LeavePlace();
            throw;
        }
    }

    private async Task ConnectAsync(HttpContext context, Identity identity)
    {
        var protocol = Select(context.WebSockets.WebSocketRequestedProtocols);
        var handover = context.Features.GetRequiredFeature<ConnectionHandover>();

        // Only for the handshake's answer: what comes back belongs to the request, and would keep it. Compression is never negotiated: it costs
        // tens of kilobytes for each connection, and leaks secrets by their length.
        await context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext { SubProtocol = protocol.Subprotocol, KeepAliveInterval = Timeout.InfiniteTimeSpan });
        handover.Promise(Successor(context.TraceIdentifier, identity, protocol));
    }

    // A method of its own, so that the function keeps nothing of the request.
    private Func<ConnectionContext, Task> Successor(string id, Identity identity, IClientProtocol protocol) => network => ServeAsync(network, id, identity, protocol);

    // The connection's whole life after the handshake.
    private async Task ServeAsync(ConnectionContext network, string id, Identity identity, IClientProtocol protocol)
    {
        using var connection = new ClientConnection(id, identity, protocol, network, handler, budget, options, clock, logger);
        Log.Opened(logger, id);
        try
        {
            await connections.RunAsync(connection);
        }
        finally
        {
            registrations.RemoveAll(connection);
            connections.LeavePlace();
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

    private static Task RefuseAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        var line = Encoding.ASCII.GetBytes(text + "\n");
        context.Response.ContentLength = line.Length;
        return context.Response.Body.WriteAsync(line, context.RequestAborted).AsTask();
    }

    private static partial class Log
    {
        [LoggerMessage(3021, LogLevel.Debug, "A client connected (connection {ConnectionId})")]
        public static partial void Opened(ILogger logger, string connectionId);

        [LoggerMessage(3022, LogLevel.Debug, "A client's connection ended (connection {ConnectionId})")]
        public static partial void Closed(ILogger logger, string connectionId);

        [LoggerMessage(3023, LogLevel.Warning, "A handshake without a valid user and password was refused (request {RequestId})")]
        public static partial void NotAuthenticated(ILogger logger, string requestId);

        [LoggerMessage(3024, LogLevel.Warning, "A handshake was refused because the process stops or has Teal:Dispatcher:MaximumConnections (request {RequestId})")]
        public static partial void NoPlace(ILogger logger, string requestId);
    }
}
