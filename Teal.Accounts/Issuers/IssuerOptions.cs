namespace Teal.Accounts.Issuers;

/// <summary>One issuer whose tokens are taken, under <c>Authentication:Issuers:NAME</c> (specification 8.8).</summary>
public sealed class IssuerOptions
{
    /// <summary>The name that the operator gave it. It stands in the log.</summary>
    public string Name { get; set; } = "";

    /// <summary>What its tokens have as <c>iss</c>, character by character; its metadata is asked for below that.</summary>
    public string Issuer { get; set; } = "";

    /// <summary>What tokens for Teal have as their one <c>aud</c>.</summary>
    public string Audience { get; set; } = "";

    /// <summary>The signatures that count (RFC 7518 section 3.1), all of them asymmetric. Default RS256, PS256 and ES256.</summary>
    public IReadOnlyList<string> Algorithms { get; set; } = ["RS256", "PS256", "ES256"];

    /// <summary>The claim that holds the account's name. Default <c>sub</c>.</summary>
    public string Account { get; set; } = "sub";

    /// <summary>What stands in front of that name, so that no two issuers can speak of one account. Default nothing.</summary>
    public string Prefix { get; set; } = "";

    /// <summary>The claim that holds the name of the account's role; empty: tokens give none. Default none.</summary>
    public string Role { get; set; } = "";

    /// <summary>
    /// The permissions that values of claims give; null: those in <c>authorization_details</c> (RFC 9396) count. Default null.
    /// </summary>
    public ClaimPermissions? Permissions { get; set; }

    /// <summary>
    /// Whether tokens count that are not of the type <c>at+jwt</c>: ID tokens, and access tokens of issuers that do not follow RFC 9068.
    /// Default false.
    /// </summary>
    public bool AllowIdTokens { get; set; }

    /// <summary>Whether the issuer is a program of this machine, which may speak plain HTTP.</summary>
    public bool IsLocal => new Uri(Issuer).IsLoopback;
}
