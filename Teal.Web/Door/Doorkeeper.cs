using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Teal.Core.Addresses;
using Teal.Core.Configuration;
using Teal.Core.Hosting;
using Teal.Core.Identities;
using Teal.Web.Sessions;

namespace Teal.Web.Door;

/// <summary>Finds out who a request comes from. Whoever asks answers those that are not let in (<see cref="Refusal"/>).</summary>
public sealed partial class Doorkeeper(
    IAuthenticator authenticator, Live<DoorOptions> options, ChannelOptions channels, TimeProvider clock, ILogger<Doorkeeper> logger)
{
    private readonly RepeatedMessage _refused =
        new(logger, LogLevel.Information, "Requests without a valid credential were refused", clock);

    /// <summary>Where a request comes from.</summary>
    public Arrival ArrivalOf(HttpContext context)
    {
        // A Unix socket has none.
        var address = context.Connection.RemoteIpAddress ?? IPAddress.Loopback;
        var origin = context.Request.Headers.Origin is [{ } first, ..] ? first : null;
        return new Arrival(ClientNetwork.Of(address), channels.StandsForMany(address), origin);
    }

    /// <summary>What a request's credential proves; a missing one proves nothing.</summary>
    /// <param name="context">The request.</param>
    /// <param name="ways">Where the credential may stand.</param>
    public async ValueTask<AuthenticationResult> AskAsync(HttpContext context, WaysIn ways)
    {
        // Who gives none, as clients do that wait to be asked, or none that can be read, guesses nothing.
        var arrival = ArrivalOf(context);
        var result = RequestCredential.From(context.Request, options.Now, ways) is { } credential
            ? await authenticator.AuthenticateAsync(credential, arrival, context.RequestAborted) : AuthenticationResult.NotProven;
        var address = arrival.Network.ToString();
        if (result is not AuthenticationResult.Accepted && _refused.IsNew(address))
            Log.Refused(logger, address, context.TraceIdentifier);
        return result;
    }

    private static partial class Log
    {
        [LoggerMessage(
            8023, LogLevel.Information, "A request without a valid credential was refused (from {Address}, request {RequestId})")]
        public static partial void Refused(ILogger logger, string address, string requestId);
    }
}
