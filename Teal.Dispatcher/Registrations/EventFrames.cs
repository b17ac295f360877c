using Teal.Core.Events;
using Teal.Core.Kinds;
using Teal.Core.Wire;
using Teal.Web.Sessions;

namespace Teal.Dispatcher.Registrations;

/// <summary>
/// One event on its way to many subscribers: encoded once for each form and transport that is in use. One thread at a time.
/// </summary>
internal sealed class EventFrames(TealEvent @event)
{
    private (IEventEncoder Encoder, Framing Framing, OutgoingMessage Message)? _first;
    private Dictionary<(IEventEncoder, Framing), OutgoingMessage>? _others;

    /// <summary><inheritdoc cref="TealEvent.Owner"/></summary>
    public string? Owner => @event.Owner;

    /// <summary>The message for a subscriber.</summary>
    public OutgoingMessage For(ISubscriber subscriber) => For(subscriber.Encoder, subscriber.Channel.Framing);

    /// <summary>The message in a form, for a transport.</summary>
    public OutgoingMessage For(IEventEncoder encoder, Framing framing)
    {
        if (_first is { } first && first.Encoder == encoder && first.Framing == framing) return first.Message;
        if (_first is null)
        {
            _first = (encoder, framing, Encode(encoder, framing));
            return _first.Value.Message;
        }

        _others ??= [];
        if (!_others.TryGetValue((encoder, framing), out var message)) _others[(encoder, framing)] = message = Encode(encoder, framing);
        return message;
    }

    private OutgoingMessage Encode(IEventEncoder encoder, Framing framing)
    {
        var json = new CompactJsonWriter(EventJson.TypicalLength);
        try
        {
            encoder.WriteEvent(@event, ref json);
            return framing.Frame(json.Written, isText: true);
        }
        finally
        {
            json.Dispose();
        }
    }
}
