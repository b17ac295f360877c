using System.Security.Cryptography;
using System.Text;
using Teal.Core.Kinds;

namespace Teal.Listener.Powens;

/// <summary>Verifies a webhook at the door, for a domain whose secret is configured.</summary>
internal static class PowensSignature
{
    /// <summary>
    /// Whether the signature is the secret's, over the raw bytes; a missing one is not. Takes constant time for all that have its length.
    /// </summary>
    public static bool IsValid(PowensHmacSignature? signature, ReadOnlySpan<byte> body, string secret)
    {
        if (signature is null) return false;

        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret));
        hmac.AppendData(Encoding.Latin1.GetBytes(signature.PayloadPrefix));
        hmac.AppendData(body);

        var given = new byte[signature.Signature.Length];
        return Convert.TryFromBase64String(signature.Signature, given, out var length)
            && CryptographicOperations.FixedTimeEquals(hmac.GetHashAndReset(), given.AsSpan(0, length));
    }
}
