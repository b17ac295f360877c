using Microsoft.Extensions.Logging;
using Teal.Core.Hosting;
using Teal.Core.Identities;
using Teal.Web.Sessions;

namespace Teal.Dispatcher.Commands;

/// <summary>Has connections go on with other tokens than they came with (specification 8.8).</summary>
internal sealed partial class Refresher(
    IIdentityRenewal renewal, ChannelTable channels, TimeProvider clock, ILogger<Refresher> logger)
{
    private static readonly CommandFault Refused =
        new(CommandFaultCode.TokenRefused, "The token is wrong, or that of another account; the connection ends when its own token does.");

    // What a client can repeat is said once and then in sum.
    private readonly RepeatedMessage _failed = new(logger, LogLevel.Error, "Tokens of clients could not be checked", clock);

    /// <summary>Who a client is from now on that brings another token, or why it stays who it is. Never throws.</summary>
    /// <param name="channel">The client's channel.</param>
    /// <param name="identity">Who it is until now.</param>
    /// <param name="token">The token.</param>
    public async ValueTask<(Identity? Identity, CommandFault? Fault)> RefreshAsync(IClientChannel channel, Identity identity, string token)
    {
        try
        {
            var result = await renewal.RefreshAsync(identity, token, CancellationToken.None);
            if (result is AuthenticationResult.Refused) return (null, Refused);

            // Somebody may have found meanwhile that it is another one, or over.
            if (result is AuthenticationResult.Accepted(var refreshed) && channels.TryIdentify(channel, identity, refreshed))
                return (refreshed, null);
        }
        catch (Exception exception)
        {
            var fault = StoreException.Describe(exception);
            if (_failed.IsNew(fault)) Log.Failed(logger, fault);
        }

        return (null, new CommandFault(CommandFaultCode.NotRefreshed, "The token cannot be checked now; try again later."));
    }

    private static partial class Log
    {
        [LoggerMessage(3007, LogLevel.Error, "A token that a client goes on with could not be checked: {Fault}")]
        public static partial void Failed(ILogger logger, string fault);
    }
}
