using System.Text.Json;
using Teal.Core.Events;
using Teal.Core.Wire;

namespace Teal.Core.Kinds;

/// <summary><see cref="EventKinds.Callback"/>.</summary>
internal sealed class CallbackKind : EventKind
{
    public override byte Number => 0;

    public override string Name => "Callback";

    public override string ShortName => "callback";

    public override string Noun => "a callback";

    public override string TopicType => "callback";

    public override string KeyMember => "state";

    public override string EventType => "callback";

    public override string EventKeyMember => "state";

    public override string Exchange => "callbacks";

    public override bool HasStates => true;

    public override void Write(TealEvent @event, ref CompactJsonWriter json, EventForm form)
    {
        var callback = (CallbackEvent)@event;
        json.Member(",\"url\":"u8, callback.Url);
        json.Member(",\"state\":"u8, callback.State);
        if (callback.IsPosted && form != EventForm.Classic) json.Raw(",\"method\":\"POST\""u8);
    }

    public override TealEvent? Read(JsonElement json, DateTime timestamp, ReadOnlyMemory<byte>? content) =>
        json.Text("url") is { } url && json.Text("state") is { } state
            ? new CallbackEvent(timestamp, url, state, json.Text("method") == "POST") : null;
}
