using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Teal.Tests.Support;

/// <summary>A key with which tokens are signed, made apart from any library for them.</summary>
/// <param name="Id">Its id; null: it has none.</param>
/// <param name="Algorithm">How it signs.</param>
/// <param name="Key">The key.</param>
internal sealed record SigningKey(string? Id, string Algorithm, AsymmetricAlgorithm Key)
{
    /// <summary>What it says that it is for.</summary>
    public string Use { get; init; } = "sig";

    /// <summary>A new one of the curve P-256.</summary>
    public static SigningKey MakeElliptic(string? id) => new(id, "ES256", ECDsa.Create(ECCurve.NamedCurves.nistP256));

    /// <summary>A new one of RSA.</summary>
    public static SigningKey MakeRsa(string? id, string algorithm = "RS256", int size = 2048) => new(id, algorithm, RSA.Create(size));

    /// <summary>The public half (RFC 7517).</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject { ["use"] = Use, ["alg"] = Algorithm };
        if (Id is not null) json["kid"] = Id;
        if (Key is ECDsa elliptic)
        {
            var point = elliptic.ExportParameters(false).Q;
            (json["kty"], json["crv"]) = ("EC", "P-256");
            (json["x"], json["y"]) = (Base64Url.EncodeToString(point.X), Base64Url.EncodeToString(point.Y));
        }
        else
        {
            var parameters = ((RSA)Key).ExportParameters(false);
            json["kty"] = "RSA";
            (json["n"], json["e"]) = (Base64Url.EncodeToString(parameters.Modulus), Base64Url.EncodeToString(parameters.Exponent));
        }

        return json;
    }

    /// <summary>The signature of a text.</summary>
    public byte[] Sign(byte[] text) => Key is ECDsa elliptic
        ? elliptic.SignData(text, HashAlgorithmName.SHA256)
        : ((RSA)Key).SignData(
            text, HashAlgorithmName.SHA256,
            Algorithm[0] == 'P' ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1);
}
