using System.Text.Json;
using Teal.Core.Events;
using Teal.Core.Wire;

namespace Teal.Tests.Support;

/// <summary>A kind that the program does not have: what a further one needs is what is said here.</summary>
internal sealed class MessageKind : EventKind
{
    public static readonly MessageKind Instance = new();

    public override byte Number => 200;

    public override string Name => "Message";

    public override string ShortName => "message";

    public override string Noun => "a message";

    public override string TopicType => "channel";

    public override string KeyMember => "name";

    public override string EventType => "message";

    public override string EventKeyMember => "channel";

    public override string Exchange => "messages";

    public override TimeSpan DefaultRetention => TimeSpan.FromDays(2);

    public override ReadOnlyMemory<byte>? ContentOf(TealEvent @event) => ((MessageEvent)@event).Payload.Bytes;

    public override void Write(TealEvent @event, ref CompactJsonWriter json, EventForm form)
    {
        var message = (MessageEvent)@event;
        json.Member(",\"channel\":"u8, message.Channel);
        if (form == EventForm.WithoutContent) return;

        json.Raw(",\"payload\":"u8);
        json.Text(message.Payload);
    }

    public override TealEvent? Read(JsonElement json, DateTime timestamp, ReadOnlyMemory<byte>? content)
    {
        var payload = content is { } bytes ? new Utf8Text(bytes) : Utf8Text.From(json.GetProperty("payload").GetString()!);
        return new MessageEvent(timestamp, json.GetProperty("channel").GetString()!, payload);
    }
}
