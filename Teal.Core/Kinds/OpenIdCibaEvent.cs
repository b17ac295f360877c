using Teal.Core.Events;

namespace Teal.Core.Kinds;

/// <summary>
/// A notification at the client notification endpoint of OpenID Connect CIBA Core 1.0: a ping (section 10.2) when it has neither
/// of the last two parts, a push (10.3.1) with a token, a push error (12) with an error.
/// </summary>
/// <param name="Timestamp"><inheritdoc cref="TealEvent.Timestamp"/></param>
/// <param name="RequestId">The <c>auth_req_id</c>.</param>
/// <param name="AccessToken">The bearer token that came with it, which proves to the client where it came from.</param>
/// <param name="PushToken">The tokens of a push; null: there are none.</param>
/// <param name="PushError">The error of a push; null: there is none.</param>
public sealed record OpenIdCibaEvent(
    DateTime Timestamp, string RequestId, string AccessToken, CibaPushToken? PushToken, CibaPushError? PushError) : TealEvent(Timestamp)
{
    /// <inheritdoc/>
    public override Topic Topic => new(EventKinds.OpenIdCibaCallback, RequestId);

    /// <inheritdoc/>
    public override int Size =>
        2 * (RequestId.Length + AccessToken.Length
        + (PushToken is { } token
            ? token.AccessToken.Length + token.TokenType.Length + (token.RefreshToken?.Length ?? 0) + (token.IdToken?.Length ?? 0) : 0)
        + (PushError is { } error ? error.Error.Length + (error.ErrorDescription?.Length ?? 0) : 0));
}
