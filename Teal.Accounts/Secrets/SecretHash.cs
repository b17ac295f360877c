using System.Security.Cryptography;
using System.Text;

namespace Teal.Accounts.Secrets;

/// <summary>
/// What is kept of a secret with 256 random bits: its SHA-256, from which nobody finds the secret, however fast it is computed.
/// </summary>
internal static class SecretHash
{
    /// <summary>The hash of a secret.</summary>
    public static byte[] Of(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));

    /// <summary>The hash as the name of a record.</summary>
    public static string NameOf(string secret) => Convert.ToHexStringLower(Of(secret));

    /// <summary>
    /// What shows later, with the secret at hand, that something else is still as it was when the secret was made. Alone it says nothing of
    /// that.
    /// </summary>
    public static byte[] ProofOf(string secret, string mark) =>
        HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(mark));

    /// <summary>Whether it is such a proof.</summary>
    public static bool IsProofOf(ReadOnlySpan<byte> proof, string secret, string mark) =>
        CryptographicOperations.FixedTimeEquals(ProofOf(secret, mark), proof);

    /// <summary>Whether it is the hash of that secret. The time tells nothing of where they differ.</summary>
    /// <param name="hash">The hash that is kept; null: there is none, and the same is computed.</param>
    /// <param name="secret">The secret that was given.</param>
    public static bool IsOf(byte[]? hash, string secret) => CryptographicOperations.FixedTimeEquals(Of(secret), hash ?? []);
}
