using System.Runtime.CompilerServices;
using Teal.Core.Identities;

namespace Teal.Accounts.Keys;

/// <summary>
/// The identities of those who came with keys: one for each key, as long as neither the key nor what its account may do is another one. So
/// a thousand connections with a key refer to one object.
/// </summary>
internal sealed class KeyIdentities(KeyOptions options)
{
    // They last as long as somebody refers to the account's own identity.
    private readonly ConditionalWeakTable<Identity, Dictionary<string, (KeyRecord Key, Identity Identity)>> _known = [];

    /// <summary>The identity of a key.</summary>
    /// <param name="owner">The identity of its account.</param>
    /// <param name="key">The key.</param>
    public Identity Of(Identity owner, KeyRecord key)
    {
        var known = _known.GetValue(owner, static _ => []);
        lock (known)
        {
            if (known.TryGetValue(key.Id, out var last) && last.Key.Hash.AsSpan().SequenceEqual(key.Hash)) return last.Identity;

            // Checked when the key was made.
            var permissions = key.Permissions is { } texts ? Permissions.Of(texts) : null;
            var identity = owner.Narrow(key.Id, permissions, key.ExpiresAt);

            // Among them are keys that are over.
            if (known.Count > 2 * options.MaximumPerAccount) known.Clear();
            known[key.Id] = (key, identity);
            return identity;
        }
    }
}
