namespace Teal.Core.Events;

/// <summary>What kind of thing another party did; with a key it makes a <see cref="Topic"/>.</summary>
public enum EventKind
{
    /// <summary>An OAuth 2.0 or OpenID Connect redirect; the key is the callback state.</summary>
    Callback,

    /// <summary>An OpenID Connect CIBA notification; the key is the <c>auth_req_id</c>.</summary>
    OpenIdCibaCallback,

    /// <summary>A Powens webhook; the key is the full domain, <c>.biapi.pro</c> included.</summary>
    PowensDomain,
}
