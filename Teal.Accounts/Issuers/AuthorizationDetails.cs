using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Teal.Core.Identities;

namespace Teal.Accounts.Issuers;

/// <summary>
/// Permissions in a token's <c>authorization_details</c> (RFC 9396): objects of the type <c>teal</c> whose <c>actions</c>,
/// <c>datatypes</c> and <c>identifier</c> are act, kind and pattern of permissions, each with each. Objects of other types are for others.
/// </summary>
internal static class AuthorizationDetails
{
    /// <summary>The claim.</summary>
    public const string Claim = "authorization_details";

    private const string Type = "teal", Actions = "actions", Kinds = "datatypes", Pattern = "identifier", AnyPattern = "*";

    // As many as one object can grant: more are no wish of an operator's.
    private const int MaximumItems = 32;

    /// <summary>
    /// Reads them. False: one of the type <c>teal</c> is not as it must be. Then nothing of them counts, as what was not understood may be
    /// there to narrow.
    /// </summary>
    /// <exception cref="InvalidOperationException">A text is not Unicode.</exception>
    public static bool TryRead(JsonElement payload, [NotNullWhen(true)] out Permissions? permissions)
    {
        permissions = Permissions.None;
        if (!payload.TryGetProperty(Claim, out var details)) return true;

        var texts = new List<string>();
        permissions = details.ValueKind == JsonValueKind.Array && details.EnumerateArray().All(detail => TryAdd(detail, texts))
            && Permissions.TryParse(texts, out var parsed, out _) ? parsed : null;
        return permissions is not null;
    }

    private static bool TryAdd(JsonElement detail, List<string> texts)
    {
        if (detail.ValueKind != JsonValueKind.Object || !detail.TryGetProperty("type", out var type)
            || type.ValueKind != JsonValueKind.String)
            return false;
        if (!type.ValueEquals(Type)) return true;
        if (detail.EnumerateObject().Any(static member => member.Name is not ("type" or Actions or Kinds or Pattern))) return false;
        if (!TryGetTexts(detail, Actions, out var actions) || actions.Length == 0) return false;
        if (!TryGetTexts(detail, Kinds, out var kinds) || !TryGetText(detail, Pattern, out var pattern)) return false;

        foreach (var action in actions)
        {
            if (kinds.Length == 0) texts.Add(pattern is null ? action : $"{action} {pattern}");
            else texts.AddRange(kinds.Select(kind => $"{action} {kind}:{pattern ?? AnyPattern}"));
        }

        return texts.Count <= Permissions.MaximumCount;
    }

    private static bool TryGetTexts(JsonElement detail, string name, out string[] texts)
    {
        texts = [];
        if (!detail.TryGetProperty(name, out var list)) return true;
        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() is 0 or > MaximumItems) return false;
        if (list.EnumerateArray().Any(static item => item.ValueKind != JsonValueKind.String)) return false;

        texts = [.. list.EnumerateArray().Select(static item => item.GetString()!)];
        return true;
    }

    private static bool TryGetText(JsonElement detail, string name, out string? text)
    {
        text = null;
        if (!detail.TryGetProperty(name, out var member)) return true;

        text = member.ValueKind == JsonValueKind.String ? member.GetString() : null;
        return text is not null;
    }
}
