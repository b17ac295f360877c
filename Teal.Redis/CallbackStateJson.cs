using System.Text.Json;
using Teal.Core.Addresses;
using Teal.Core.Identities;
using Teal.Core.States;
using Teal.Core.Wire;

namespace Teal.Redis;

/// <summary>The JSON form of a state's settings in Redis, which all members of the TeaL family share (specification 4.2).</summary>
internal static class CallbackStateJson
{
    // The owner that a value without one has; only Teal writes another.
    private const string DefaultOwner = Identity.AnonymousName;

    private const int TypicalLength = 256;

    /// <summary>The value that is stored under a state.</summary>
    public static byte[] Encode(CallbackState state)
    {
        var json = new CompactJsonWriter(TypicalLength);
        try
        {
            json.Raw("{\"expires_at\":"u8);
            if (state.ExpiresAt is { } expiresAt) json.Timestamp(UnixInstant.RoundUp(expiresAt));
            else json.Raw("null"u8);
            json.Raw(",\"final_redirect_url\":"u8);
            json.Text(state.FinalRedirectUrl);
            json.Raw(",\"with_fragment\":"u8);
            json.Boolean(state.WithFragment);
            if (state.Owner != DefaultOwner)
            {
                json.Raw(",\"owner\":"u8);
                json.Text(state.Owner);
            }

            if (state.MadeBy is { } maker)
            {
                json.Raw(",\"made_by\":"u8);
                json.Text(maker);
            }

            json.Raw("}"u8);
            return json.ToArray();
        }
        finally
        {
            json.Dispose();
        }
    }

    /// <summary>
    /// The settings of <paramref name="state"/> that a value holds. Missing members have their defaults, unknown ones are ignored;
    /// an expiry may have a zone, or be Unix time. Null: it cannot be read, so the state is unknown. Never throws.
    /// </summary>
    public static CallbackState? Decode(string state, ReadOnlyMemory<byte> utf8)
    {
        try
        {
            using var document = JsonDocument.Parse(utf8);
            return Read(state, document.RootElement);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a string that is not well-formed Unicode.
            return null;
        }
    }

    private static CallbackState? Read(string state, JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object) return null;
        if (!TryReadExpiry(root, out var expiresAt) || !TryReadBoolean(root, "with_fragment", out var withFragment)) return null;
        if (!TryReadText(root, "final_redirect_url", out var url) || !TryReadText(root, "owner", out var owner)) return null;
        if (!TryReadText(root, "made_by", out var maker)) return null;

        // A browser is going to be sent there, and anyone who reaches Redis could have written it.
        if (url is not null && !HttpUrl.TryParse(url, out _, out _)) return null;

        return new CallbackState(state, url, withFragment, expiresAt, owner ?? DefaultOwner) { MadeBy = maker };
    }

    private static bool TryReadExpiry(JsonElement root, out DateTime? expiresAt)
    {
        expiresAt = null;
        if (!TryGet(root, "expires_at", out var element)) return true;

        DateTime utc = default;
        var read = element.ValueKind switch
        {
            JsonValueKind.String => IsoInstant.TryParse(element.GetString(), out var instant) && instant.TryGetUtc(out utc),
            JsonValueKind.Number => element.TryGetDecimal(out var number) && UnixInstant.TryGetUtc(number, out utc),
            _ => false,
        };
        if (read) expiresAt = utc;
        return read;
    }

    private static bool TryReadBoolean(JsonElement root, string name, out bool value)
    {
        value = false;
        if (!TryGet(root, name, out var element)) return true;

        value = element.ValueKind == JsonValueKind.True;
        return element.ValueKind is JsonValueKind.True or JsonValueKind.False;
    }

    private static bool TryReadText(JsonElement root, string name, out string? text)
    {
        text = null;
        if (!TryGet(root, name, out var element)) return true;

        text = element.ValueKind == JsonValueKind.String ? element.GetString() : null;
        return text is not null;
    }

    private static bool TryGet(JsonElement root, string name, out JsonElement element) =>
        root.TryGetProperty(name, out element) && element.ValueKind != JsonValueKind.Null;
}
