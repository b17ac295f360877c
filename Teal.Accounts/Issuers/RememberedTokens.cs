using System.Security.Cryptography;
using System.Text;
using Teal.Core.Bounds;
using Teal.Core.Configuration;

namespace Teal.Accounts.Issuers;

/// <summary>
/// Tokens that were good, so that a client that comes back costs a hash and no signature, and gets the same identity. They are remembered
/// under a key of the process, and never as they are. Any thread may ask.
/// </summary>
internal sealed class RememberedTokens(Live<IssuersOptions> live)
{
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private readonly Lock _lock = new();
    private readonly AgeTable<string, RememberedToken> _tokens = new();

    /// <summary>How many there are.</summary>
    public int Count
    {
        get
        {
            lock (_lock) return _tokens.Count;
        }
    }

    /// <summary>What is remembered of a token; null: nothing.</summary>
    public RememberedToken? Find(string token)
    {
        var name = NameOf(token);
        lock (_lock) return _tokens.TryFind(name, out var found) ? found : null;
    }

    /// <summary>Remembers a token; the oldest make room.</summary>
    public void Put(string token, RememberedToken remembered)
    {
        var name = NameOf(token);
        lock (_lock) _tokens.Put(name, remembered, live.Now.MaximumRememberedTokens);
    }

    private string NameOf(string token) => Convert.ToHexString(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(token)));
}
