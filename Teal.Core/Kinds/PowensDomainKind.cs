using System.Text.Json;
using Teal.Core.Events;
using Teal.Core.Wire;

namespace Teal.Core.Kinds;

/// <summary><see cref="EventKinds.PowensDomain"/>.</summary>
internal sealed class PowensDomainKind : EventKind
{
    public override byte Number => 2;

    public override string Name => "PowensDomain";

    public override string ShortName => "powens";

    public override string Noun => "a Powens webhook";

    public override string TopicType => "powens_domain";

    public override string KeyMember => "powens_domain";

    public override string EventType => "powens_webhook";

    public override string EventKeyMember => "domain";

    public override string Exchange => "powens_domain_webhooks";

    public override string NormalizeKey(string key) => PowensWebhookEvent.FullDomain(key);

    public override ReadOnlyMemory<byte>? ContentOf(TealEvent @event) => ((PowensWebhookEvent)@event).Payload.Bytes;

    public override void Write(TealEvent @event, ref CompactJsonWriter json, EventForm form)
    {
        var webhook = (PowensWebhookEvent)@event;
        json.Member(",\"domain\":"u8, webhook.Domain);
        json.Member(",\"event\":"u8, webhook.Name);
        Write(webhook.HmacSignature, ref json);
        json.Member(",\"user_token\":"u8, webhook.UserToken);
        if (form == EventForm.WithoutContent) return;

        json.Raw(",\"payload\":"u8);
        json.Text(webhook.Payload);
    }

    public override TealEvent? Read(JsonElement json, DateTime timestamp, ReadOnlyMemory<byte>? content)
    {
        if (json.Text("domain") is not { } domain || json.Text("event") is not { } name) return null;

        var payload = content is { } bytes ? new Utf8Text(bytes) : json.Bytes("payload");
        if (payload is null) return null;

        PowensHmacSignature? signature = null;
        if (json.Part("hmac_signature") is { } part)
        {
            if (part.Text("signature") is not { } value || part.Text("payload_prefix") is not { } prefix
                || part.Text("signature_date") is not { } date)
                return null;
            signature = new PowensHmacSignature(value, prefix, IsoInstant.TryParse(date, out var instant) ? instant.ToString() : date);
        }

        return new PowensWebhookEvent(timestamp, domain, name, signature, json.Text("user_token"), payload.Value);
    }

    private static void Write(PowensHmacSignature? signature, ref CompactJsonWriter json)
    {
        json.Raw(",\"hmac_signature\":"u8);
        if (signature is null)
        {
            json.Raw("null"u8);
            return;
        }

        json.Member("{\"signature\":"u8, signature.Signature);
        json.Member(",\"payload_prefix\":"u8, signature.PayloadPrefix);
        json.Member(",\"signature_date\":"u8, signature.SignatureDate);
        json.Raw("}"u8);
    }
}
