using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Teal.Core.Bounds;
using Teal.Accounts.Directory;
using Teal.Accounts.Hashing;
using Teal.Core.Configuration;

namespace Teal.Accounts.Passwords;

/// <summary>
/// Which passwords were right a moment ago, so that clients that come back cost no hash. What is kept says nothing of a password without
/// the key of this process, and an account's other password, or its other hash, is not what was remembered.
/// </summary>
internal sealed class RememberedPasswords(Live<HashingOptions> live, TimeProvider clock)
{
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private readonly Lock _lock = new();
    private readonly AgeTable<UInt128, long> _since = new();

    /// <summary>How many are remembered.</summary>
    public int Count
    {
        get
        {
            lock (_lock) return _since.Count;
        }
    }

    /// <summary>What stands for an account's hash and a password here.</summary>
    /// <param name="name">The account's name, or what was given for one.</param>
    /// <param name="account">The account; null: there is none.</param>
    /// <param name="password">The password.</param>
    public UInt128 MarkOf(string name, Account? account, string password)
    {
        // NUL is in none but the last.
        Span<byte> mark = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"{name}\0{account?.PasswordHash}\0{password}"), mark);
        return BinaryPrimitives.ReadUInt128LittleEndian(mark);
    }

    /// <summary>Whether it was right a moment ago.</summary>
    public bool Has(UInt128 mark)
    {
        lock (_lock) return _since.TryFind(mark, out var since) && clock.GetElapsedTime(since) < live.Now.RememberedFor;
    }

    /// <summary>It was right.</summary>
    public void Add(UInt128 mark)
    {
        lock (_lock) _since.Put(mark, clock.GetTimestamp(), live.Now.MaximumRemembered);
    }
}
