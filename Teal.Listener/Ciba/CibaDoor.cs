using Teal.Core.Ciba;
using Teal.Core.Kinds;

namespace Teal.Listener.Ciba;

/// <summary>
/// Says which notifications come in (specification 2.3): for a request that a client created, those with the token that it gave to its
/// provider; for any other all, or none.
/// </summary>
internal sealed class CibaDoor(CibaRequestService requests, ListenerOptions options)
{
    // Nobody's: as much is computed for an id that nobody waits for.
    private static readonly CibaRequest Nobodys = new("", CibaRequest.Hash(""), default);

    /// <summary>Whether a notification comes in, and whose it is. Throws what the store throws.</summary>
    /// <param name="notification">The notification, with the token that it came with.</param>
    public async ValueTask<CibaAdmission> AdmitAsync(OpenIdCibaEvent notification)
    {
        var request = await requests.FindAsync(notification.RequestId);
        var isToken = (request ?? Nobodys).IsToken(notification.AccessToken);
        var isAdmitted = request is null ? !options.TakesOnlyCreatedCibaRequests : isToken;
        return new CibaAdmission(isAdmitted, request?.Owner);
    }
}
