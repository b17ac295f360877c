using System.Net.WebSockets;

namespace Teal.Web.Sessions;

/// <summary>The catalogue of reasons for which the server closes a connection (RFC 6455 section 7.4).</summary>
/// <param name="Status">The close code.</param>
/// <param name="Text">What the close frame says; at most 123 bytes.</param>
/// <param name="SendsWaiting">Whether messages that wait for the client are sent first.</param>
public sealed record CloseReason(WebSocketCloseStatus Status, string? Text, bool SendsWaiting)
{
    /// <summary>1001: the server is being stopped.</summary>
    public static readonly CloseReason GoingAway = new(WebSocketCloseStatus.EndpointUnavailable, "The server is shutting down", true);

    /// <summary>1009: a message over <see cref="ChannelOptions.MaximumMessageSize"/>.</summary>
    public static readonly CloseReason MessageTooBig = new(WebSocketCloseStatus.MessageTooBig, "The message is too big", false);

    /// <summary>1011: a fault of the server, which its log tells.</summary>
    public static readonly CloseReason InternalError = new(WebSocketCloseStatus.InternalServerError, "Internal error", false);

    /// <summary>
    /// 1013: the client reads too slowly. It took nothing for <see cref="ChannelOptions.PongTimeout"/>, or there was no room
    /// for what cannot be sent later (<see cref="ChannelOptions.SendQueueSize"/>), or it holds most of
    /// <see cref="ChannelOptions.SendBudget"/> when that is spent.
    /// </summary>
    public static readonly CloseReason TooSlow = new((WebSocketCloseStatus)1013, "The client reads too slowly", false);

    /// <summary>1008: somebody ended it through the API (specification 8.7).</summary>
    public static readonly CloseReason Ended = new(WebSocketCloseStatus.PolicyViolation, "The connection was ended", false);

    /// <summary>4401: what the client proved with who it is does not count any more (specification 8.7).</summary>
    public static readonly CloseReason CredentialsOver = new((WebSocketCloseStatus)4401, "credentials are over", false);

    /// <summary>The client closed, and gets its own code back.</summary>
    public static CloseReason ClientClosed(WebSocketCloseStatus? status) => new(status ?? WebSocketCloseStatus.Empty, null, false);
}
