using Microsoft.AspNetCore.Http;
using Teal.Web.Door;

namespace Teal.Api.Http;

/// <summary>Who may ask for anything at all: whoever arrived where only one can (specification 8.3).</summary>
internal sealed class ApiDoor
{
    private static readonly ApiResult.Problem Foreign = ApiResult.Problem.NotAllowed("Pages may not ask here.");

    private static readonly ApiResult.Problem NotProven =
        new(StatusCodes.Status401Unauthorized, "not_authenticated", "User or password are missing or wrong.");

    /// <summary>Who sends a request, and from where; null: the problem says why he is not let in.</summary>
    public static ValueTask<(KnownSender? Sender, ApiResult.Problem? Problem)> AskAsync(HttpContext context)
    {
        // A page could have a browser send what the browser knows. There is none that reaches a place that is one's own.
        if (context.Request.Headers.Origin.Count > 0) return ValueTask.FromResult<(KnownSender?, ApiResult.Problem?)>((null, Foreign));

        var known = context.Features.Get<KnownSender>();
        return ValueTask.FromResult((known, known is null ? NotProven : null));
    }
}
