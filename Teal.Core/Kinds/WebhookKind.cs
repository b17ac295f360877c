using System.Globalization;
using System.Text;
using System.Text.Json;
using Teal.Core.Events;
using Teal.Core.Wire;

namespace Teal.Core.Kinds;

/// <summary><see cref="EventKinds.Webhook"/>.</summary>
internal sealed class WebhookKind : EventKind
{
    public override byte Number => 3;

    public override string Name => "Webhook";

    public override string ShortName => "webhook";

    public override string Noun => "a webhook";

    public override string TopicType => "webhook";

    public override string KeyMember => "name";

    public override string EventType => "webhook";

    public override string EventKeyMember => "name";

    public override string Exchange => "webhooks";

    public override bool IsCreated => true;

    public override bool IsOfTeams => true;

    public override ReadOnlyMemory<byte>? ContentOf(TealEvent @event) => ((WebhookEvent)@event).Body;

    public override void Write(TealEvent @event, ref CompactJsonWriter json, EventForm form)
    {
        var webhook = (WebhookEvent)@event;
        var isForClients = form is EventForm.Classic or EventForm.Client;
        json.Member(",\"name\":"u8, isForClients ? Topic.NameOf(webhook.Webhook) : webhook.Webhook);
        json.Member(",\"id\":"u8, webhook.Id);
        json.Member(",\"method\":"u8, webhook.Method);
        json.Member(",\"target\":"u8, webhook.Target);
        Write(webhook.Headers, ref json);
        if (form != EventForm.WithoutContent) WriteBody(webhook.Body, ref json);
        Write(webhook.Verified, ref json);
    }

    public override TealEvent? Read(JsonElement json, DateTime timestamp, ReadOnlyMemory<byte>? content)
    {
        if (json.Text("name") is not { } name || json.Text("method") is not { } method || json.Text("target") is not { } target
            || ReadHeaders(json) is not { } headers || (content ?? ReadBody(json)) is not { } body)
            return null;

        WebhookSignature? verified = null;
        if (json.Part("verified") is { } part)
        {
            if (part.Text("scheme") is not { } scheme || !part.TryGetProperty("secret", out var number)
                || number.ValueKind != JsonValueKind.Number || !number.TryGetInt32(out var secret)) return null;
            verified = new WebhookSignature(scheme, secret);
        }

        return new WebhookEvent(timestamp, name, json.Text("id"), method, target, headers, body, verified);
    }

    private static void Write(IReadOnlyList<KeyValuePair<string, string>> headers, ref CompactJsonWriter json)
    {
        json.Raw(",\"headers\":["u8);
        for (var i = 0; i < headers.Count; i++)
        {
            json.Member(i == 0 ? "["u8 : ",["u8, headers[i].Key);
            json.Member(","u8, headers[i].Value);
            json.Raw("]"u8);
        }

        json.Raw("]"u8);
    }

    private static void WriteBody(ReadOnlyMemory<byte> body, ref CompactJsonWriter json)
    {
        if (Utf8Text.TryRead(body, out var text))
        {
            json.Raw(",\"body\":"u8);
            json.Text(text);
        }
        else
        {
            json.Member(",\"body_base64\":"u8, Convert.ToBase64String(body.Span));
        }
    }

    private static void Write(WebhookSignature? verified, ref CompactJsonWriter json)
    {
        if (verified is null)
        {
            json.Raw(",\"verified\":null"u8);
            return;
        }

        json.Member(",\"verified\":{\"scheme\":"u8, verified.Scheme);
        json.Raw(",\"secret\":"u8);
        json.Raw(Encoding.ASCII.GetBytes(verified.Secret.ToString(CultureInfo.InvariantCulture)));
        json.Raw("}"u8);
    }

    private static KeyValuePair<string, string>[]? ReadHeaders(JsonElement json)
    {
        if (!json.TryGetProperty("headers", out var list) || list.ValueKind != JsonValueKind.Array) return null;

        var headers = new KeyValuePair<string, string>[list.GetArrayLength()];
        var i = 0;
        foreach (var pair in list.EnumerateArray())
        {
            if (pair.ValueKind != JsonValueKind.Array || pair.GetArrayLength() != 2 || pair[0].ValueKind != JsonValueKind.String
                || pair[1].ValueKind != JsonValueKind.String) return null;
            headers[i++] = new KeyValuePair<string, string>(pair[0].GetString()!, pair[1].GetString()!);
        }

        return headers;
    }

    private static ReadOnlyMemory<byte>? ReadBody(JsonElement json)
    {
        if (json.Bytes("body") is { } text) return text.Bytes;
        return json.TryGetProperty("body_base64", out var member) && member.ValueKind == JsonValueKind.String
            && member.TryGetBytesFromBase64(out var bytes) ? bytes : null;
    }
}
