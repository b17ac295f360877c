using Teal.Core.Events;

namespace Teal.Core.Wire;

/// <summary>The JSON forms of events: with their <c>type</c> for clients (specification 3.2), without it for the bus (4.1).</summary>
public static class EventJson
{
    private const int TypicalLength = 512;

    /// <summary>The message that tells a client of the event.</summary>
    public static byte[] EncodeForClients(TealEvent @event) => Encode(TypePrefix(@event), @event);

    /// <summary>The message on the bus: the same without its <c>type</c>.</summary>
    public static byte[] EncodeForBus(TealEvent @event) => Encode("{"u8, @event);

    private static byte[] Encode(ReadOnlySpan<byte> beginning, TealEvent @event)
    {
        var json = new CompactJsonWriter(TypicalLength);
        try
        {
            json.Raw(beginning);
            WriteMembers(@event, ref json);
            json.Raw("}"u8);
            return json.ToArray();
        }
        finally
        {
            json.Dispose();
        }
    }

    private static ReadOnlySpan<byte> TypePrefix(TealEvent @event) => @event switch
    {
        CallbackEvent => "{\"type\":\"callback\","u8,
        OpenIdCibaEvent => "{\"type\":\"openid_ciba_callback\","u8,
        PowensWebhookEvent => "{\"type\":\"powens_webhook\","u8,
        _ => throw new ArgumentException($"No JSON form of {@event.GetType().Name} is known.", nameof(@event)),
    };

    private static void WriteMembers(TealEvent @event, ref CompactJsonWriter json)
    {
        json.Raw("\"timestamp\":"u8);
        json.Timestamp(@event.Timestamp);
        switch (@event)
        {
            case CallbackEvent callback:
                Member(ref json, ",\"url\":"u8, callback.Url);
                Member(ref json, ",\"state\":"u8, callback.State);
                break;
            case OpenIdCibaEvent ciba:
                Member(ref json, ",\"request_id\":"u8, ciba.RequestId);
                Member(ref json, ",\"access_token\":"u8, ciba.AccessToken);
                Write(ciba.PushToken, ref json);
                Write(ciba.PushError, ref json);
                break;
            case PowensWebhookEvent webhook:
                Member(ref json, ",\"domain\":"u8, webhook.Domain);
                Member(ref json, ",\"event\":"u8, webhook.Name);
                Write(webhook.HmacSignature, ref json);
                Member(ref json, ",\"user_token\":"u8, webhook.UserToken);
                Member(ref json, ",\"payload\":"u8, webhook.Payload);
                break;
        }
    }

    private static void Write(CibaPushToken? token, ref CompactJsonWriter json)
    {
        json.Raw(",\"push_token\":"u8);
        if (token is null)
        {
            json.Raw("null"u8);
            return;
        }

        Member(ref json, "{\"access_token\":"u8, token.AccessToken);
        Member(ref json, ",\"token_type\":"u8, token.TokenType);
        Member(ref json, ",\"refresh_token\":"u8, token.RefreshToken);
        json.Raw(",\"expires_at\":"u8);
        if (token.ExpiresAt is { } expiresAt) json.Timestamp(expiresAt);
        else json.Raw("null"u8);
        Member(ref json, ",\"id_token\":"u8, token.IdToken);
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

        Member(ref json, "{\"error\":"u8, error.Error);
        Member(ref json, ",\"error_description\":"u8, error.ErrorDescription);
        json.Raw("}"u8);
    }

    private static void Write(PowensHmacSignature? signature, ref CompactJsonWriter json)
    {
        json.Raw(",\"hmac_signature\":"u8);
        if (signature is null)
        {
            json.Raw("null"u8);
            return;
        }

        Member(ref json, "{\"signature\":"u8, signature.Signature);
        Member(ref json, ",\"payload_prefix\":"u8, signature.PayloadPrefix);
        Member(ref json, ",\"signature_date\":"u8, signature.SignatureDate);
        json.Raw("}"u8);
    }

    private static void Member(ref CompactJsonWriter json, ReadOnlySpan<byte> name, string? value)
    {
        json.Raw(name);
        json.Text(value);
    }
}
