using System.Security.Cryptography;
using System.Text;

namespace Teal.Core.Ciba;

/// <summary>A CIBA request that a client said beforehand that it waits for (specification 2.3).</summary>
/// <param name="Owner">The team that it belongs to, and its notifications with it.</param>
/// <param name="TokenHash">
/// The SHA-256 of the client notification token: OpenID Connect CIBA Core 1.0 section 7.1 has it be unguessable, so that one is enough.
/// </param>
/// <param name="ExpiresAt">The instant, UTC, from which on it is unknown.</param>
public sealed record CibaRequest(string Owner, ReadOnlyMemory<byte> TokenHash, DateTime ExpiresAt)
{
    /// <summary>Whether a token is the one that the client gave to its provider. In constant time.</summary>
    public bool IsToken(string token) => CryptographicOperations.FixedTimeEquals(Hash(token), TokenHash.Span);

    /// <summary>What is kept of a token.</summary>
    public static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    /// <summary>Whose it is alone.</summary>
    public override string ToString() => $"{nameof(CibaRequest)} of {Owner}";
}
