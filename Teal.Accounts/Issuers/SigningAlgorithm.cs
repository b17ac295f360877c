using System.Collections.Frozen;
using Microsoft.IdentityModel.Tokens;

namespace Teal.Accounts.Issuers;

/// <summary>
/// How a token may be signed (RFC 7518 section 3.1): with a key of which Teal has the public half alone. <c>none</c> and the HMACs, whose
/// key could be that half, are not among them.
/// </summary>
/// <param name="Name">Its name in tokens.</param>
/// <param name="KeyType">The type of key that it needs (RFC 7518 section 6.1).</param>
/// <param name="Curve">The curve that it needs; null: it needs none.</param>
internal sealed record SigningAlgorithm(string Name, string KeyType, string? Curve = null)
{
    /// <summary>All that there are.</summary>
    public static readonly IReadOnlyList<SigningAlgorithm> All =
    [
        new("RS256", JsonWebAlgorithmsKeyTypes.RSA),
        new("RS384", JsonWebAlgorithmsKeyTypes.RSA),
        new("RS512", JsonWebAlgorithmsKeyTypes.RSA),
        new("PS256", JsonWebAlgorithmsKeyTypes.RSA),
        new("PS384", JsonWebAlgorithmsKeyTypes.RSA),
        new("PS512", JsonWebAlgorithmsKeyTypes.RSA),
        new("ES256", JsonWebAlgorithmsKeyTypes.EllipticCurve, "P-256"),
        new("ES384", JsonWebAlgorithmsKeyTypes.EllipticCurve, "P-384"),
        new("ES512", JsonWebAlgorithmsKeyTypes.EllipticCurve, "P-521"),
    ];

    // Shorter ones were factored, or may be soon.
    private const int ShortestRsaKey = 2048;

    private static readonly FrozenDictionary<string, SigningAlgorithm> Names = All.ToFrozenDictionary(static known => known.Name);

    /// <summary>The one with that name, in its case; null: there is none.</summary>
    public static SigningAlgorithm? ByName(string name) => Names.GetValueOrDefault(name);

    /// <summary>Whether a key of an issuer can be one for this, and is not meant for something else.</summary>
    public bool Fits(JsonWebKey key) =>
        key.Kty == KeyType
        && (Curve is null ? key.KeySize >= ShortestRsaKey : key.Crv == Curve)
        && (key.Alg is null or "" || key.Alg == Name)
        && (key.Use is null or "" or JsonWebKeyUseNames.Sig)
        && (key.KeyOps.Count == 0 || key.KeyOps.Contains("verify"));
}
