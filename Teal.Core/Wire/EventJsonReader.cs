using System.Runtime.InteropServices;
using System.Text.Json;
using Teal.Core.Events;

namespace Teal.Core.Wire;

/// <summary>
/// Reads events as other processes, the original's among them, put them on the bus (specification 4.1). Members that are not known are
/// passed over, and a missing timestamp is now; white space does not matter.
/// </summary>
public static class EventJsonReader
{
    /// <summary>The event; null when the body is none of that kind. Never throws.</summary>
    /// <param name="kind">The kind, which the exchange tells.</param>
    /// <param name="body">The body, which is not needed any more afterwards.</param>
    /// <param name="now">The present instant, UTC.</param>
    /// <param name="content">What a journal keeps beside the body (<see cref="EventJson.ContentOf"/>); null: the body has all.</param>
    public static TealEvent? Read(EventKind kind, ReadOnlyMemory<byte> body, DateTime now, ReadOnlyMemory<byte>? content = null)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !TryReadInstant(root, "timestamp", out var timestamp)) return null;

            return kind switch
            {
                EventKind.Callback => ReadCallback(root, timestamp ?? now),
                EventKind.OpenIdCibaCallback => ReadCiba(root, timestamp ?? now),
                EventKind.PowensDomain => ReadWebhook(root, timestamp ?? now, content),
                _ => null,
            };
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Not JSON, or a string with a lone surrogate.
            return null;
        }
    }

    /// <summary>The topic of such a body, which is read no further than to it; null when it is not found. Never throws.</summary>
    public static Topic? ReadTopic(EventKind kind, ReadOnlySpan<byte> body)
    {
        var name = kind switch
        {
            EventKind.Callback => "state"u8,
            EventKind.OpenIdCibaCallback => "request_id"u8,
            _ => "domain"u8,
        };
        try
        {
            var json = new Utf8JsonReader(body);
            if (!json.Read() || json.TokenType != JsonTokenType.StartObject) return null;

            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                var isKey = json.ValueTextEquals(name);
                if (!json.Read()) return null;
                if (isKey) return json.TokenType == JsonTokenType.String ? new Topic(kind, json.GetString()!) : null;

                json.Skip();
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Not JSON, or a string with a lone surrogate.
        }

        return null;
    }

    private static CallbackEvent? ReadCallback(JsonElement root, DateTime timestamp) =>
        Text(root, "url") is { } url && Text(root, "state") is { } state ? new CallbackEvent(timestamp, url, state, Text(root, "method") == "POST") : null;

    private static OpenIdCibaEvent? ReadCiba(JsonElement root, DateTime timestamp)
    {
        if (Text(root, "request_id") is not { } requestId || Text(root, "access_token") is not { } accessToken) return null;

        CibaPushToken? token = null;
        if (Part(root, "push_token") is { } tokenPart && (token = ReadPushToken(tokenPart)) is null) return null;

        CibaPushError? error = null;
        if (Part(root, "push_error") is { } errorPart)
        {
            if (Text(errorPart, "error") is not { } code) return null;
            error = new CibaPushError(code, Text(errorPart, "error_description"));
        }

        return new OpenIdCibaEvent(timestamp, requestId, accessToken, token, error);
    }

    private static CibaPushToken? ReadPushToken(JsonElement part) =>
        Text(part, "access_token") is { } accessToken && Text(part, "token_type") is { } type && TryReadInstant(part, "expires_at", out var expiresAt)
            ? new CibaPushToken(accessToken, type, Text(part, "refresh_token"), expiresAt, Text(part, "id_token")) : null;

    private static PowensWebhookEvent? ReadWebhook(JsonElement root, DateTime timestamp, ReadOnlyMemory<byte>? content)
    {
        if (Text(root, "domain") is not { } domain || Text(root, "event") is not { } name) return null;

        var payload = content is { } bytes ? new Utf8Text(bytes) : Bytes(root, "payload");
        if (payload is null) return null;

        PowensHmacSignature? signature = null;
        if (Part(root, "hmac_signature") is { } part)
        {
            if (Text(part, "signature") is not { } value || Text(part, "payload_prefix") is not { } prefix || Text(part, "signature_date") is not { } date) return null;
            signature = new PowensHmacSignature(value, prefix, IsoInstant.TryParse(date, out var instant) ? instant.ToString() : date);
        }

        return new PowensWebhookEvent(timestamp, domain, name, signature, Text(root, "user_token"), payload.Value);
    }

    private static string? Text(JsonElement part, string name) =>
        part.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.String ? member.GetString() : null;

    // Without a string, which would take twice as much.
    private static Utf8Text? Bytes(JsonElement part, string name)
    {
        if (!part.TryGetProperty(name, out var member) || member.ValueKind != JsonValueKind.String) return null;

        var raw = JsonMarshal.GetRawUtf8Value(member);
        var bytes = GC.AllocateUninitializedArray<byte>(raw.Length);
        var reader = new Utf8JsonReader(raw);
        reader.Read();
        var length = reader.CopyString(bytes);

        // Without escapes it is shorter by its quotes only.
        return new Utf8Text(reader.ValueIsEscaped ? bytes.AsSpan(0, length).ToArray() : bytes.AsMemory(0, length));
    }

    private static JsonElement? Part(JsonElement root, string name) =>
        root.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.Object ? member : null;

    // Null where it is missing; false where it is there and no instant.
    private static bool TryReadInstant(JsonElement part, string name, out DateTime? instant)
    {
        instant = null;
        if (!part.TryGetProperty(name, out var member) || member.ValueKind == JsonValueKind.Null) return true;

        DateTime utc;
        var isInstant = member.ValueKind switch
        {
            JsonValueKind.String => IsoInstant.TryParse(member.GetString(), out var parsed) & parsed.TryGetUtc(out utc),
            JsonValueKind.Number => member.TryGetDecimal(out var number) & UnixInstant.TryGetUtc(number, out utc),
            _ => IsNothing(out utc),
        };
        if (isInstant) instant = utc;
        return isInstant;
    }

    private static bool IsNothing(out DateTime utc)
    {
        utc = default;
        return false;
    }
}
