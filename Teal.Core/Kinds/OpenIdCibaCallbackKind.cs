using System.Text.Json;
using Teal.Core.Events;
using Teal.Core.Wire;

namespace Teal.Core.Kinds;

/// <summary><see cref="EventKinds.OpenIdCibaCallback"/>.</summary>
internal sealed class OpenIdCibaCallbackKind : EventKind
{
    public override byte Number => 1;

    public override string Name => "OpenIdCibaCallback";

    public override string ShortName => "ciba";

    public override string Noun => "an OpenID CIBA notification";

    public override string TopicType => "openid_ciba_callback";

    public override string KeyMember => "request_id";

    public override string EventType => "openid_ciba_callback";

    public override string EventKeyMember => "request_id";

    public override string Exchange => "openid_ciba_callbacks";

    public override bool IsCreated => true;

    public override void Write(TealEvent @event, ref CompactJsonWriter json, EventForm form)
    {
        var ciba = (OpenIdCibaEvent)@event;
        json.Member(",\"request_id\":"u8, ciba.RequestId);
        json.Member(",\"access_token\":"u8, ciba.AccessToken);
        Write(ciba.PushToken, ref json);
        Write(ciba.PushError, ref json);
    }

    public override TealEvent? Read(JsonElement json, DateTime timestamp, ReadOnlyMemory<byte>? content)
    {
        if (json.Text("request_id") is not { } requestId || json.Text("access_token") is not { } accessToken) return null;

        CibaPushToken? token = null;
        if (json.Part("push_token") is { } tokenPart && (token = ReadPushToken(tokenPart)) is null) return null;

        CibaPushError? error = null;
        if (json.Part("push_error") is { } errorPart)
        {
            if (errorPart.Text("error") is not { } code) return null;
            error = new CibaPushError(code, errorPart.Text("error_description"));
        }

        return new OpenIdCibaEvent(timestamp, requestId, accessToken, token, error);
    }

    private static void Write(CibaPushToken? token, ref CompactJsonWriter json)
    {
        json.Raw(",\"push_token\":"u8);
        if (token is null)
        {
            json.Raw("null"u8);
            return;
        }

        json.Member("{\"access_token\":"u8, token.AccessToken);
        json.Member(",\"token_type\":"u8, token.TokenType);
        json.Member(",\"refresh_token\":"u8, token.RefreshToken);
        json.Raw(",\"expires_at\":"u8);
        if (token.ExpiresAt is { } expiresAt) json.Timestamp(expiresAt);
        else json.Raw("null"u8);
        json.Member(",\"id_token\":"u8, token.IdToken);
        json.Raw("}"u8);
    }

    private static void Write(CibaPushError? error, ref CompactJsonWriter json)
    {
        json.Raw(",\"push_error\":"u8);
        if (error is null)
        {
            json.Raw("null"u8);
            return;
        }

        json.Member("{\"error\":"u8, error.Error);
        json.Member(",\"error_description\":"u8, error.ErrorDescription);
        json.Raw("}"u8);
    }

    private static CibaPushToken? ReadPushToken(JsonElement part) =>
        part.Text("access_token") is { } accessToken && part.Text("token_type") is { } type
            && part.TryReadInstant("expires_at", out var expiresAt)
            ? new CibaPushToken(accessToken, type, part.Text("refresh_token"), expiresAt, part.Text("id_token")) : null;
}
