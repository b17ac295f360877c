using Teal.Core.Events;

namespace Teal.Core.Wire;

/// <summary>
/// The JSON forms of events: with their <c>type</c> for clients (specification 3.2), without it for the bus (4.1), and without their content for journals, which keep
/// that as the bytes that came: as JSON it may take six times as many.
/// </summary>
public static class EventJson
{
    /// <summary>How many bytes most events take.</summary>
    public const int TypicalLength = 512;

    /// <summary>The message that tells a client of the event, but for the brace at its end: a protocol may have members of its own to add.</summary>
    public static void WriteForClients(TealEvent @event, ref CompactJsonWriter json)
    {
        json.Raw(TypePrefix(@event));
        WriteMembers(@event, ref json, withContent: true);
    }

    /// <summary>The message on the bus: the same without its <c>type</c>.</summary>
    public static byte[] EncodeForBus(TealEvent @event) => Encode(@event, withContent: true);

    /// <summary>The same in a buffer for long messages, or in a longer one that takes its place.</summary>
    public static ReadOnlyMemory<byte> EncodeForBus(TealEvent @event, ref byte[] buffer)
    {
        var json = new CompactJsonWriter(buffer);
        Write(@event, ref json, withContent: true);
        (buffer, var length) = json.Detach();
        return buffer.AsMemory(0, length);
    }

    /// <summary>The form that a journal keeps beside <see cref="ContentOf"/>: the message on the bus without the content.</summary>
    public static byte[] EncodeForJournal(TealEvent @event) => Encode(@event, withContent: false);

    /// <summary>The bytes that the third party sent, where an event carries them unaltered; null: it has none.</summary>
    public static ReadOnlyMemory<byte>? ContentOf(TealEvent @event) => @event is PowensWebhookEvent webhook ? webhook.Payload.Bytes : default(ReadOnlyMemory<byte>?);

    private static byte[] Encode(TealEvent @event, bool withContent)
    {
        var json = new CompactJsonWriter(TypicalLength);
        try
        {
            Write(@event, ref json, withContent);
            return json.ToArray();
        }
        finally
        {
            json.Dispose();
        }
    }

    /// <summary>How a callback came, where that is no GET, which the classic protocol does not tell: a member with a comma in front of it, or nothing.</summary>
    public static void WriteMethod(TealEvent @event, ref CompactJsonWriter json)
    {
        if (@event is CallbackEvent { IsPosted: true }) json.Raw(",\"method\":\"POST\""u8);
    }

    private static void Write(TealEvent @event, ref CompactJsonWriter json, bool withContent)
    {
        json.Raw("{"u8);
        WriteMembers(@event, ref json, withContent);
        WriteMethod(@event, ref json);
        json.Raw("}"u8);
    }

    private static ReadOnlySpan<byte> TypePrefix(TealEvent @event) => @event switch
    {
        CallbackEvent => "{\"type\":\"callback\","u8,
        OpenIdCibaEvent => "{\"type\":\"openid_ciba_callback\","u8,
        PowensWebhookEvent => "{\"type\":\"powens_webhook\","u8,
        _ => throw new ArgumentException($"No JSON form of {@event.GetType().Name} is known.", nameof(@event)),
    };

    private static void WriteMembers(TealEvent @event, ref CompactJsonWriter json, bool withContent)
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
                if (withContent)
                {
                    json.Raw(",\"payload\":"u8);
                    json.Text(webhook.Payload);
                }

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
