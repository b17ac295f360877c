using System.Globalization;
using System.Text.Json;
using Teal.Core.Events;
using Teal.Listener.Json;

namespace Teal.Listener.Ciba;

/// <summary>
/// Reads the body of a CIBA notification: a ping (OpenID Connect CIBA Core 1.0 section 10.2), a push (10.3.1) or a push error
/// (12). Unknown members are ignored, as section 10 demands; a member that is null counts as absent; no type is taken for another,
/// but for <c>expires_in</c>, which some providers send as a string of digits.
/// </summary>
internal static class CibaNotification
{
    /// <summary>The event; null when the body is none of the three, or its request id is one that no client can register for. Never throws.</summary>
    public static OpenIdCibaEvent? Read(ReadOnlyMemory<byte> body, string accessToken, DateTime now)
    {
        try
        {
            // RFC 8259 section 4: what a member that stands twice means is anybody's guess, and two readers may guess differently.
            return JsonMembers.Read(WithoutByteOrderMark(body), allowsDuplicates: false) is { } members ? Read(members, accessToken, now) : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Not JSON, or a string with a lone surrogate.
            return null;
        }
    }

    private static OpenIdCibaEvent? Read(JsonMembers body, string accessToken, DateTime now)
    {
        if (body.Text("auth_req_id") is not { Length: > 0 } requestId || Topic.IsTooLong(requestId)) return null;

        if (body.Has("error"))
        {
            return body.Text("error") is { } error && TryOptionalText(body, "error_description", out var description)
                ? new OpenIdCibaEvent(now, requestId, accessToken, null, new CibaPushError(error, description)) : null;
        }

        if (!body.Has("access_token")) return new OpenIdCibaEvent(now, requestId, accessToken, null, null);

        return ReadToken(body, now) is { } token ? new OpenIdCibaEvent(now, requestId, accessToken, token, null) : null;
    }

    private static CibaPushToken? ReadToken(JsonMembers body, DateTime now)
    {
        if (body.Text("access_token") is not { } accessToken || body.Text("token_type") is not { } type) return null;
        if (!TryOptionalText(body, "refresh_token", out var refreshToken) || !TryOptionalText(body, "id_token", out var idToken)) return null;

        return TryReadExpiry(body, now, out var expiresAt) ? new CibaPushToken(accessToken, type, refreshToken, expiresAt, idToken) : null;
    }

    private static bool TryReadExpiry(JsonMembers body, DateTime now, out DateTime? expiresAt)
    {
        expiresAt = null;
        if (!body.Has("expires_in")) return true;

        var number = body.Text("expires_in") is { } digits ? ReadDigits(digits) : body.Number("expires_in");
        if (number is not { } seconds) return false;

        var left = (DateTime.MaxValue - now).TotalSeconds;
        var gone = (now - DateTime.MinValue).TotalSeconds;
        if (seconds >= (decimal)left || seconds <= (decimal)-gone) return false;

        expiresAt = now.AddSeconds((double)decimal.Truncate(seconds));
        return true;
    }

    private static decimal? ReadDigits(string digits) =>
        decimal.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static bool TryOptionalText(JsonMembers body, string name, out string? text)
    {
        text = body.Text(name);
        return text is not null || !body.Has(name);
    }

    // RFC 8259 section 8.1 allows readers to ignore it.
    private static ReadOnlyMemory<byte> WithoutByteOrderMark(ReadOnlyMemory<byte> body) =>
        body.Span.StartsWith("\ufeff"u8) ? body[3..] : body;
}
