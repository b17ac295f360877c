using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Teal.Core.Addresses;
using Teal.Core.States;
using Teal.Core.Wire;

namespace Teal.Tests.Golden;

/// <summary>Reads a state as Redis holds it, in the forms that every implementation writes.</summary>
internal static class StoredState
{
    /// <summary>False for values that only a lenient reader takes, or none.</summary>
    public static bool TryRead(string state, string value, [NotNullWhen(true)] out CallbackState? read)
    {
        read = null;
        using var document = JsonDocument.Parse(value);
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object) return false;
        if (!TryReadText(root, "expires_at", out var expiry) || !TryReadText(root, "final_redirect_url", out var url)) return false;
        if (root.TryGetProperty("with_fragment", out var withFragment) && withFragment.ValueKind is not (JsonValueKind.True or JsonValueKind.False)) return false;
        if (url is not null && !HttpUrl.TryParse(url, out _, out _)) return false;

        DateTime? expiresAt = null;
        if (expiry is not null)
        {
            if (!IsoInstant.TryParse(expiry, out var instant) || instant.Offset is not null || !instant.TryGetUtc(out var utc)) return false;
            expiresAt = utc;
        }

        read = new CallbackState(state, url, withFragment.ValueKind == JsonValueKind.True, expiresAt, "anonymous");
        return true;
    }

    private static bool TryReadText(JsonElement root, string name, out string? text)
    {
        text = null;
        if (!root.TryGetProperty(name, out var element) || element.ValueKind == JsonValueKind.Null) return true;

        text = element.ValueKind == JsonValueKind.String ? element.GetString() : null;
        return text is not null;
    }
}
