using Microsoft.AspNetCore.Http;
using Teal.Core.Identities;
using Teal.Web.Door;

namespace Teal.Api.Http;

/// <summary>
/// Who may ask for anything at all: whoever arrived where only one can, and whoever proves who he is in the header (specification 8.3). A
/// credential in the query would stand in logs.
/// </summary>
/// <param name="doorkeeper">Finds out who it is; null: nobody comes in but by arriving where only one can.</param>
/// <param name="origins">Which pages may ask.</param>
internal sealed class ApiDoor(Doorkeeper? doorkeeper = null, OriginPolicy? origins = null)
{
    private static readonly ApiResult.Problem Foreign = ApiResult.Problem.NotAllowed(
        "Pages of this origin may not ask; Teal:Dispatcher:AllowedOrigins lists those that may.");

    /// <summary>Who sends a request, and from where; null: the problem says why he is not let in.</summary>
    public async ValueTask<(KnownSender? Sender, ApiResult.Problem? Problem)> AskAsync(HttpContext context)
    {
        // A page could have a browser send what the browser knows. There is none that reaches a place that is one's own.
        if (context.Request.Headers.Origin.Count > 0 && origins?.Allows(context.Request) != true) return (null, Foreign);
        if (context.Features.Get<KnownSender>() is { } known) return (known, null);

        var result = doorkeeper is null ? AuthenticationResult.NotProven : await doorkeeper.AskAsync(context, WaysIn.Header);
        if (result is AuthenticationResult.Accepted(var identity))
            return (new KnownSender(identity, doorkeeper!.ArrivalOf(context).Network.ToString()), null);

        var (status, text) = Refusal.Begin(context, result);
        return (null, new ApiResult.Problem(status, CodeOf(result), text + "."));
    }

    private static string CodeOf(AuthenticationResult result) => result switch
    {
        AuthenticationResult.TooMany => "too_many_attempts",
        AuthenticationResult.Unavailable => "unavailable",
        _ => "not_authenticated",
    };
}
