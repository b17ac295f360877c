using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Teal.Core.Addresses;
using Teal.Core.Hosting;
using Teal.Core.Identities;
using Teal.Web.Answers;
using Teal.Web.Sessions;

namespace Teal.Web.Door;

/// <summary>
/// What each client passes before it gets a channel, whatever its transport: the origin of its page, its credential, and whether there is a
/// place. Who is not let in gets the answer from here.
/// </summary>
internal sealed partial class Entrance(
    OriginPolicy origins, Doorkeeper doorkeeper, ChannelTable channels, TimeProvider clock, ILogger<Entrance> logger)
{
    private readonly RepeatedMessage _foreign =
        new(logger, LogLevel.Warning, "Handshakes of pages that may not connect were refused", clock);
    private readonly RepeatedMessage _noPlace = new(logger, LogLevel.Warning, "Handshakes were refused because there is no place", clock);

    /// <summary>
    /// Lets the client in, with a place that <see cref="ChannelTable.LeavePlace"/> has to give back; null: it is not let in,
    /// and was answered.
    /// </summary>
    /// <param name="context">Its request.</param>
    /// <param name="ways">Where its credential may stand.</param>
    /// <param name="mayComeUnknown">Whether it may say who it is later, and needs no credential now.</param>
    public async ValueTask<Entry?> TryEnterAsync(HttpContext context, WaysIn ways, bool mayComeUnknown)
    {
        var (network, standsForMany, _) = doorkeeper.ArrivalOf(context);
        if (!origins.Allows(context.Request))
        {
            if (_foreign.IsNew()) Log.Foreign(logger, network, context.TraceIdentifier);
            await Answer.LineAsync(
                context, StatusCodes.Status403Forbidden,
                "Pages of this origin may not connect; Teal:Dispatcher:AllowedOrigins lists those that may");
            return null;
        }

        Identity? identity = null;
        if (!mayComeUnknown || RequestCredential.IsIn(context.Request, ways))
        {
            var result = await doorkeeper.AskAsync(context, ways);
            identity = (result as AuthenticationResult.Accepted)?.Identity;
            if (identity is null)
            {
                var (status, text) = Refusal.Begin(context, result);
                await Answer.LineAsync(context, status, text);
                return null;
            }
        }

        ClientNetwork? share = standsForMany ? null : network;
        var place = channels.TryTakePlace(share);
        if (place == PlaceResult.Taken) return new Entry(identity, share);

        if (_noPlace.IsNew(place.ToString())) Log.NoPlace(logger, place, network, context.TraceIdentifier);
        context.Response.Headers.RetryAfter = "5";
        await Answer.LineAsync(context, StatusCodes.Status503ServiceUnavailable, "No connection is taken now, please try again");
        return null;
    }

    private static partial class Log
    {
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
