using System.Text.Json;
using Teal.Core.Identities;

namespace Teal.Accounts.Issuers;

/// <summary>What the values of claims permit, such as the groups that a token names.</summary>
/// <param name="texts">The permissions, by claim and value.</param>
public sealed class ClaimPermissions(IReadOnlyDictionary<(string Claim, string Value), IReadOnlyList<string>> texts)
{
    private readonly Dictionary<(string Claim, string Value), Permissions> _permissions =
        texts.ToDictionary(static pair => pair.Key, static pair => Permissions.Of(pair.Value));

    private readonly string[] _claims = [.. texts.Keys.Select(static key => key.Claim).Distinct()];

    /// <summary>What a token's claims permit together. A value that nothing is said of permits nothing.</summary>
    /// <exception cref="InvalidOperationException">A text is not Unicode.</exception>
    internal Permissions Of(JsonElement payload)
    {
        var sum = Permissions.None;
        foreach (var claim in _claims)
        {
            foreach (var value in TokenClaims.TextsOf(payload, claim))
            {
                if (_permissions.TryGetValue((claim, value), out var permissions)) sum = sum.With(permissions);
            }
        }

        return sum;
    }
}
