using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Teal.Accounts.Issuers;

/// <summary>What a token must be (RFC 7519, RFC 8725, RFC 9068 section 4), beside what it says of whoever brings it.</summary>
internal static class TokenRules
{
    /// <summary>How far the clocks of Teal and of an issuer may differ.</summary>
    public static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);

    private static readonly JsonWebTokenHandler Handler = new();

    // Of a sign-out or another security event: it is signed with the same key, and lets nobody in.
    private const string SecurityEvents = "events";

    // A day before the last one of the calendar.
    private const double LastInstant = 253402214400;

    /// <summary>What is wrong with it, apart from its signature; null: nothing.</summary>
    /// <exception cref="InvalidOperationException">A text is not Unicode.</exception>
    public static TokenFault? FaultOf(TokenText token, IssuerOptions issuer, DateTimeOffset now)
    {
        if (!issuer.Algorithms.Contains(token.Algorithm)) return TokenFault.WrongAlgorithm;
        if (!HasRightType(token, issuer)) return TokenFault.WrongType;
        if (!IsForUs(token.Payload, issuer.Audience)) return TokenFault.WrongAudience;
        return IsOfNow(token.Payload, now) ? null : TokenFault.WrongTime;
    }

    /// <summary>When the token ends, UTC, for one without a fault: the clocks' difference later than it says.</summary>
    public static DateTime EndOf(TokenText token) =>
        DateTime.UnixEpoch.AddSeconds(token.Payload.GetProperty("exp").GetDouble()) + ClockSkew;

    /// <summary>Whether the key has signed it.</summary>
    public static async Task<bool> IsSignedAsync(TokenText token, IssuerOptions issuer, JsonWebKey key)
    {
        var result = await Handler.ValidateTokenAsync(token.Text, new TokenValidationParameters
        {
            IssuerSigningKey = key,
            ValidAlgorithms = [token.Algorithm],
            ValidIssuer = issuer.Issuer,
            ValidAudience = issuer.Audience,
            LogValidationExceptions = false,

            // By a clock of its own.
            ValidateLifetime = false,
        });
        return result.IsValid;
    }

    private static bool HasRightType(TokenText token, IssuerOptions issuer)
    {
        // RFC 7515 section 4.1.9: what has no slash is below application/.
        var type = token.Type?.StartsWith("application/", StringComparison.OrdinalIgnoreCase) == true
            ? token.Type["application/".Length..] : token.Type;
        if ("at+jwt".Equals(type, StringComparison.OrdinalIgnoreCase)) return true;
        return issuer.AllowIdTokens
            && (type is null || type.Equals("JWT", StringComparison.OrdinalIgnoreCase))
            && !token.Payload.TryGetProperty(SecurityEvents, out _);
    }

    // Of several audiences each could use the token for itself. A provider that knows Teal as a client names it there, too.
    private static bool IsForUs(JsonElement payload, string audience)
    {
        if (!payload.TryGetProperty("aud", out var value)) return false;
        if (value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 1) value = value[0];
        return value.ValueKind == JsonValueKind.String && value.ValueEquals(audience);
    }

    private static bool IsOfNow(JsonElement payload, DateTimeOffset now)
    {
        var (seconds, skew) = (now.ToUnixTimeMilliseconds() / 1000.0, ClockSkew.TotalSeconds);
        return InstantOf(payload, "exp") is { } end && seconds < end + skew
            && HasBegun("nbf") && HasBegun("iat");

        bool HasBegun(string name) => !payload.TryGetProperty(name, out _) || InstantOf(payload, name) <= seconds + skew;
    }

    private static double? InstantOf(JsonElement payload, string name) =>
        payload.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var seconds)
        && seconds is >= 0 and <= LastInstant ? seconds : null;
}
