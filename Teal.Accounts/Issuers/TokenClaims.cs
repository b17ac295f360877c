using System.Text.Json;

namespace Teal.Accounts.Issuers;

/// <summary>Claims of a token, by their names; <c>a.b</c> is also the member <c>b</c> of the object <c>a</c>.</summary>
internal static class TokenClaims
{
    // RFC 9068 section 2.2.3: texts with blanks in between.
    private const string Scope = "scope";

    /// <summary>The claim, if it is one text, or a list of one; null: it is missing, or another thing.</summary>
    /// <exception cref="InvalidOperationException">The text is not Unicode.</exception>
    public static string? TextOf(JsonElement payload, string claim)
    {
        if (Find(payload, claim) is not { } value) return null;
        if (value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 1) value = value[0];
        return value.ValueKind == JsonValueKind.String ? value.GetString() : null;
    }

    /// <summary>The texts of a claim that is one or a list of them. What is none is passed over.</summary>
    /// <exception cref="InvalidOperationException">A text is not Unicode.</exception>
    public static IEnumerable<string> TextsOf(JsonElement payload, string claim)
    {
        if (Find(payload, claim) is not { } value) return [];
        if (value.ValueKind == JsonValueKind.String)
            return claim == Scope ? value.GetString()!.Split(' ', StringSplitOptions.RemoveEmptyEntries) : [value.GetString()!];
        if (value.ValueKind != JsonValueKind.Array) return [];

        return value.EnumerateArray().Where(static item => item.ValueKind == JsonValueKind.String).Select(static item => item.GetString()!);
    }

    /// <summary>Whether there is such a claim, whatever it is.</summary>
    public static bool Has(JsonElement payload, string claim) => Find(payload, claim) is not null;

    private static JsonElement? Find(JsonElement payload, string claim)
    {
        if (payload.TryGetProperty(claim, out var found)) return found;

        foreach (var name in claim.Split('.'))
        {
            if (payload.ValueKind != JsonValueKind.Object || !payload.TryGetProperty(name, out payload)) return null;
        }

        return payload;
    }
}
