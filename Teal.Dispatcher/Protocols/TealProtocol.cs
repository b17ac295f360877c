using Microsoft.Extensions.Logging;
using Teal.Core.Identities;
using Teal.Dispatcher.Commands;
using Teal.Web.Sessions;

namespace Teal.Dispatcher.Protocols;

/// <summary>One of Teal's own protocols (specification 3.2 and 3.3): a client registers for topics, and gets their events.</summary>
/// <param name="dialect">The form of its messages.</param>
/// <param name="handler">Does what clients ask for.</param>
/// <param name="logger">The log.</param>
internal sealed class TealProtocol(ITealDialect dialect, CommandHandler handler, ILogger<TealSession> logger) : IClientProtocol
{
    /// <inheritdoc/>
    public string? Subprotocol => dialect.Subprotocol;

    /// <inheritdoc/>
    public bool AuthenticatesItself => false;

    /// <inheritdoc/>
    public IClientSession Open(IClientChannel channel, Identity? identity) => new TealSession(channel, identity!, dialect, handler, logger);
}
