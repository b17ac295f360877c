namespace Teal.Core.Kinds;

/// <summary>What a push callback carries (OpenID Connect CIBA Core 1.0 section 10.3.1).</summary>
/// <param name="AccessToken">The access token.</param>
/// <param name="TokenType">Its type, such as <c>Bearer</c>.</param>
/// <param name="RefreshToken">The refresh token; null: there is none.</param>
/// <param name="ExpiresAt">When the access token ends, UTC; null: it was not said.</param>
/// <param name="IdToken">The ID token; null: there is none.</param>
public sealed record CibaPushToken(string AccessToken, string TokenType, string? RefreshToken, DateTime? ExpiresAt, string? IdToken)
{
    /// <summary>Nothing: tokens have no place in a log.</summary>
    public override string ToString() => nameof(CibaPushToken);
}
