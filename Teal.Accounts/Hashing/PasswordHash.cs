using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Teal.Accounts.Hashing;

/// <summary>
/// A password's hash as it is stored: <c>$pbkdf2-sha512$i=210000$SALT$HASH</c>, salt and hash in base64 without its padding. Made and
/// checked by PBKDF2-HMAC-SHA512 (RFC 8018 section 5.2).
/// </summary>
public sealed class PasswordHash
{
    /// <summary>The fewest rounds that are taken.</summary>
    public const int LeastRounds = 1_000;

    /// <summary>The most rounds that are taken: some 10 s.</summary>
    public const int MostRounds = 10_000_000;

    /// <summary>What one must be, in words that follow «must be».</summary>
    public const string Form =
        "a hash as teal hash prints it: $pbkdf2-sha512$i=ROUNDS$SALT$HASH, salt and hash in base64 without =";

    private const string Scheme = "pbkdf2-sha512", RoundsName = "i=";
    private const int SaltLength = 16, HashLength = 32, MostBytes = 64;

    private readonly byte[] _salt;
    private readonly byte[] _hash;

    private PasswordHash(int rounds, byte[] salt, byte[] hash) => (Rounds, _salt, _hash) = (rounds, salt, hash);

    /// <summary>How many rounds it was made with.</summary>
    public int Rounds { get; }

    /// <summary>Makes one with a salt of its own. Takes its time.</summary>
    public static PasswordHash Make(string password, int rounds)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltLength);
        return new PasswordHash(rounds, salt, Derive(password, salt, rounds, HashLength));
    }

    /// <summary>Reads one; false: the text is none.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out PasswordHash? hash)
    {
        hash = null;
        if (text?.Split('$') is not ["", Scheme, var named, var salt, var sum] || !named.StartsWith(RoundsName, StringComparison.Ordinal))
            return false;
        if (!int.TryParse(named[RoundsName.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var rounds)
            || rounds is < LeastRounds or > MostRounds || Decode(salt) is not { } saltBytes || Decode(sum) is not { } sumBytes)
            return false;

        // A short hash would let in who has another password.
        if (saltBytes.Length < SaltLength / 2 || sumBytes.Length < HashLength) return false;

        hash = new PasswordHash(rounds, saltBytes, sumBytes);
        return true;
    }

    /// <summary>Does the work of checking a password, and nothing else. Takes its time.</summary>
    public static void Waste(string password, int rounds)
    {
        if (rounds > 0) Derive(password, new byte[SaltLength], rounds, HashLength);
    }

    /// <summary>Whether it is that password's. Takes its time, which tells nothing of how much of it is right.</summary>
    public bool IsOf(string password) =>
        CryptographicOperations.FixedTimeEquals(Derive(password, _salt, Rounds, _hash.Length), _hash);

    /// <summary>As it is stored.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"${Scheme}${RoundsName}{Rounds}${Encode(_salt)}${Encode(_hash)}");

    private static byte[] Derive(string password, byte[] salt, int rounds, int length) =>
        Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(password), salt, rounds, HashAlgorithmName.SHA512, length);

    private static string Encode(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=');

    private static byte[]? Decode(string base64)
    {
        var padded = base64 + new string('=', (4 - (base64.Length % 4)) % 4);
        var buffer = new byte[MostBytes];
        return base64.Length > 0 && !base64.Contains('=', StringComparison.Ordinal) && Base64.IsValid(padded)
            && Convert.TryFromBase64String(padded, buffer, out var length) ? buffer[..length] : null;
    }
}
