using System.Security.Cryptography;
using System.Text;

namespace Teal.Accounts.Hashing;

/// <summary>What a password is compared with that stands in the settings as it is. It is compared in constant time.</summary>
internal sealed class PasswordDigest
{
    private readonly byte[] _digest;

    /// <summary>That of a password.</summary>
    public PasswordDigest(string password) => _digest = Digest(password);

    /// <summary>One that no password has.</summary>
    public static PasswordDigest Nobodys { get; } = new(RandomNumberGenerator.GetHexString(32));

    /// <summary>What another password has another one of. It is no text for a log or a store.</summary>
    public string Mark => Convert.ToHexStringLower(_digest);

    /// <summary>Whether it is that of a password. Digests have one length, so that the time tells nothing of the secret's.</summary>
    public bool IsOf(string password) => CryptographicOperations.FixedTimeEquals(Digest(password), _digest);

    /// <summary>Whether both are those of the same password.</summary>
    public bool IsSameAs(PasswordDigest? other) => other is not null && CryptographicOperations.FixedTimeEquals(_digest, other._digest);

    private static byte[] Digest(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
