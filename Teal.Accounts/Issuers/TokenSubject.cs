using System.Text.Json;
using Teal.Core.Identities;

namespace Teal.Accounts.Issuers;

/// <summary>Whom a token is of, as it says itself.</summary>
/// <param name="Issuer">Who says it.</param>
/// <param name="Account">The account's name, in lower case.</param>
/// <param name="Role">The name of its role; null: it has none.</param>
/// <param name="Permissions">What the token permits beside the role.</param>
/// <param name="EndsAt">When the token ends, UTC.</param>
internal sealed record TokenSubject(string Issuer, string Account, string? Role, Permissions Permissions, DateTime EndsAt)
{
    /// <summary>Reads a token that has no other fault (<see cref="TokenRules"/>).</summary>
    /// <exception cref="InvalidOperationException">A text is not Unicode.</exception>
    public static TokenFault? Read(TokenText token, IssuerOptions issuer, out TokenSubject? subject)
    {
        subject = null;
        var payload = token.Payload;
        if (TokenClaims.TextOf(payload, "sub") is null or ""
            || TokenClaims.TextOf(payload, issuer.Account) is not { } name
            || !AccountName.TryParse(issuer.Prefix + name, out var account)
            || account == Identity.AnonymousName)
            return TokenFault.WrongAccount;

        if (RoleOf(payload, issuer.Role, out var role) is { } wrongRole) return wrongRole;
        if (PermissionsOf(payload, issuer.Permissions) is not { } permissions) return TokenFault.WrongPermissions;

        subject = new TokenSubject(token.Issuer, account, role, permissions, TokenRules.EndOf(token));
        return null;
    }

    // Of several roles nobody could say which one counts.
    private static TokenFault? RoleOf(JsonElement payload, string claim, out string? role)
    {
        role = null;
        if (claim.Length == 0 || !TokenClaims.Has(payload, claim)) return null;
        if (TokenClaims.TextOf(payload, claim) is not { } text) return TokenFault.WrongRole;

        // What no role can be called is none.
        role = AccountName.TryParse(text, out var name) ? name : null;
        return null;
    }

    private static Permissions? PermissionsOf(JsonElement payload, ClaimPermissions? claims) =>
        claims is not null ? claims.Of(payload) : AuthorizationDetails.TryRead(payload, out var permissions) ? permissions : null;
}
