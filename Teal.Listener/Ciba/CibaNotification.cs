using System.Globalization;
using System.Text.Json;
using Teal.Core.Events;

namespace Teal.Listener.Ciba;

/// <summary>
/// Reads the body of a CIBA notification: a ping (OpenID Connect CIBA Core 1.0 section 10.2), a push (10.3.1) or a push error
/// (12). Unknown members are ignored, as section 10 demands; a member that is null counts as absent; no type is taken for another,
/// but for <c>expires_in</c>, which some providers send as a string of digits.
/// </summary>
internal static class CibaNotification
{
    // RFC 8259 section 4: what a member that stands twice means is anybody's guess, and two readers may guess differently.
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>The event; null when the body is none of the three. Never throws.</summary>
    public static OpenIdCibaEvent? Read(ReadOnlyMemory<byte> body, string accessToken, DateTime now)
    {
        try
        {
            using var document = JsonDocument.Parse(WithoutByteOrderMark(body), Strict);
            return Read(document.RootElement, accessToken, now);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Not JSON, or a string with a lone surrogate.
            return null;
        }
    }

    private static OpenIdCibaEvent? Read(JsonElement body, string accessToken, DateTime now)
    {
        if (body.ValueKind != JsonValueKind.Object || Text(body, "auth_req_id") is not { Length: > 0 } requestId) return null;

        if (Has(body, "error"))
        {
            return Text(body, "error") is { } error && TryOptionalText(body, "error_description", out var description)
                ? new OpenIdCibaEvent(now, requestId, accessToken, null, new CibaPushError(error, description)) : null;
        }

        if (!Has(body, "access_token")) return new OpenIdCibaEvent(now, requestId, accessToken, null, null);

        return ReadToken(body, now) is { } token ? new OpenIdCibaEvent(now, requestId, accessToken, token, null) : null;
    }

    private static CibaPushToken? ReadToken(JsonElement body, DateTime now)
    {
        if (Text(body, "access_token") is not { } accessToken || Text(body, "token_type") is not { } type) return null;
        if (!TryOptionalText(body, "refresh_token", out var refreshToken) || !TryOptionalText(body, "id_token", out var idToken)) return null;

        return TryReadExpiry(body, now, out var expiresAt) ? new CibaPushToken(accessToken, type, refreshToken, expiresAt, idToken) : null;
    }

    private static bool TryReadExpiry(JsonElement body, DateTime now, out DateTime? expiresAt)
    {
        expiresAt = null;
        if (!Has(body, "expires_in")) return true;

        var element = body.GetProperty("expires_in");
        decimal seconds;
        var isNumber = element.ValueKind switch
        {
            JsonValueKind.Number => element.TryGetDecimal(out seconds),
            JsonValueKind.String => decimal.TryParse(element.GetString(), NumberStyles.None, CultureInfo.InvariantCulture, out seconds),
            _ => (seconds = 0) != 0,
        };
        if (!isNumber) return false;

        var left = (DateTime.MaxValue - now).TotalSeconds;
        var gone = (now - DateTime.MinValue).TotalSeconds;
        if (seconds >= (decimal)left || seconds <= (decimal)-gone) return false;

        expiresAt = now.AddSeconds((double)decimal.Truncate(seconds));
        return true;
    }

    private static bool Has(JsonElement body, string name) => body.TryGetProperty(name, out var member) && member.ValueKind != JsonValueKind.Null;

    private static string? Text(JsonElement body, string name) =>
        body.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.String ? member.GetString() : null;

    private static bool TryOptionalText(JsonElement body, string name, out string? text)
    {
        text = Text(body, name);
        return text is not null || !Has(body, name);
    }

    // RFC 8259 section 8.1 allows readers to ignore it.
    private static ReadOnlyMemory<byte> WithoutByteOrderMark(ReadOnlyMemory<byte> body) =>
        body.Span.StartsWith("\ufeff"u8) ? body[3..] : body;
}
