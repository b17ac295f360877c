using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Teal.Core.Events;
using Teal.Core.Kinds;
using Teal.Listener.Json;

namespace Teal.Listener.Ciba;

/// <summary>
/// Reads the body of a CIBA notification: a ping (OpenID Connect CIBA Core 1.0 section 10.2), a push (10.3.1) or a push error (12). Unknown
/// members are ignored, as section 10 demands; a member that is null counts as absent; no type is taken for another, but for
/// <c>expires_in</c>, which some providers send as a string. However large it is, or with a fraction, it is no reason to refuse the tokens.
/// </summary>
internal static class CibaNotification
{
    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789.");

    /// <summary>
    /// The event; null when the body is none of the three, or its request id is one that no client can register for. Never throws.
    /// </summary>
    public static OpenIdCibaEvent? Read(ReadOnlyMemory<byte> body, string accessToken, DateTime now)
    {
        try
        {
            // RFC 8259 section 4: what a member that stands twice means is anybody's guess, and two readers may guess differently.
            return JsonMembers.Read(WithoutByteOrderMark(body), allowsDuplicates: false) is { } members
                ? Read(members, accessToken, now) : null;
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
        if (!TryOptionalText(body, "refresh_token", out var refreshToken) || !TryOptionalText(body, "id_token", out var idToken))
            return null;

        return TryReadExpiry(body, now, out var expiresAt) ? new CibaPushToken(accessToken, type, refreshToken, expiresAt, idToken) : null;
    }

    // Null: it was not said, or is no instant; the tokens are good all the same.
    private static bool TryReadExpiry(JsonMembers body, DateTime now, out DateTime? expiresAt)
    {
        expiresAt = null;
        if (!body.Has("expires_in")) return true;

        var text = body.Text("expires_in");
        if (text is null ? body.TypeOf("expires_in") != JsonTokenType.Number : !IsNumber(text)) return false;

        var seconds = text is null ? body.Number("expires_in") : ReadNumber(text);
        var (left, gone) = ((decimal)(DateTime.MaxValue - now).TotalSeconds, (decimal)(now - DateTime.MinValue).TotalSeconds);
        if (seconds < left && seconds > -gone) expiresAt = now.AddSeconds((double)decimal.Truncate(seconds.Value));
        return true;
    }

    private static bool IsNumber(string text) =>
        text.AsSpan().Trim('.').Length == text.Length && text.Length > 0 && !text.AsSpan().ContainsAnyExcept(NumberCharacters)
        && text.Count(static c => c == '.') <= 1;

    private static decimal? ReadNumber(string text) =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static bool TryOptionalText(JsonMembers body, string name, out string? text)
    {
        text = body.Text(name);
        return text is not null || !body.Has(name);
    }

    // RFC 8259 section 8.1 allows readers to ignore it.
    private static ReadOnlyMemory<byte> WithoutByteOrderMark(ReadOnlyMemory<byte> body) =>
        body.Span.StartsWith("\ufeff"u8) ? body[3..] : body;
}
