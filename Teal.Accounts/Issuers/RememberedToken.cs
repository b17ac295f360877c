namespace Teal.Accounts.Issuers;

/// <summary>A token that was good.</summary>
/// <param name="Issuer">Its issuer, as the settings had it.</param>
/// <param name="Keys">The keys that the issuer had.</param>
/// <param name="Subject">What it says.</param>
internal sealed record RememberedToken(OutsideIssuer Issuer, KeySet Keys, TokenSubject Subject);
