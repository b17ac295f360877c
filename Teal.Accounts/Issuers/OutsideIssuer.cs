namespace Teal.Accounts.Issuers;

/// <summary>An issuer of the settings, and its keys.</summary>
/// <param name="Options">What the settings say of it. After a reload it is another object.</param>
/// <param name="Keys">Its keys.</param>
internal sealed record OutsideIssuer(IssuerOptions Options, IssuerKeys Keys);
