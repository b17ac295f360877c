using Microsoft.IdentityModel.Tokens;

namespace Teal.Accounts.Issuers;

/// <summary>The keys with which an issuer signs, as it last told them. Immutable.</summary>
/// <param name="text">What it told.</param>
/// <param name="keys">The keys in it.</param>
internal sealed class KeySet(string text, IReadOnlyList<JsonWebKey> keys)
{
    /// <summary>What the issuer told, so that it can be seen whether it tells something new.</summary>
    public string Text => text;

    /// <summary>How many keys there are.</summary>
    public int Count => keys.Count;

    /// <summary>
    /// The key with that id, if a token may be signed with it in that way; null: there is none. A token that names no key is signed with
    /// the one that there is, or cannot be taken: whoever tried them all could be kept at it.
    /// </summary>
    public JsonWebKey? Find(string? id, SigningAlgorithm algorithm)
    {
        JsonWebKey? found = null;
        foreach (var key in keys)
        {
            if (!algorithm.Fits(key) || (id is not null && key.Kid != id)) continue;
            if (found is not null) return null;

            found = key;
        }

        return found;
    }
}
