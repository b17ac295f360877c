using Teal.Core.Identities;

namespace Teal.Web.Sessions;

/// <summary>
/// What may be spoken on a channel. It opens a session for each client, holds no state of one, and knows nothing of sockets.
/// </summary>
public interface IClientProtocol
{
    /// <summary>The name in <c>Sec-WebSocket-Protocol</c>; null: spoken when none is offered.</summary>
    string? Subprotocol { get; }

    /// <summary>
    /// Whether its messages can say who the client is. Then a handshake without a credential is let in, and the session has to
    /// ask for one, and to close the channel where it does not come.
    /// </summary>
    bool AuthenticatesItself { get; }

    /// <summary>Opens the session of one client, before its first message. Never throws.</summary>
    /// <param name="channel">Its way in and out.</param>
    /// <param name="identity">Who it is; null: not known yet, only where the protocol <see cref="AuthenticatesItself"/>.</param>
    IClientSession Open(IClientChannel channel, Identity? identity);
}
