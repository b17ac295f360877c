using Teal.Core.Events;
using Teal.Core.Kinds;
using Teal.Core.Wire;
using Teal.Dispatcher.Connections;

namespace Teal.Dispatcher.Protocols;

/// <summary>One event on its way to many connections: encoded once for each protocol that is in use. One thread at a time.</summary>
internal sealed class EventFrames(TealEvent @event)
{
    private (IClientProtocol Protocol, OutgoingMessage Message)? _first;
    private Dictionary<IClientProtocol, OutgoingMessage>? _others;

    /// <summary>The message for connections that speak <paramref name="protocol"/>.</summary>
    public OutgoingMessage For(IClientProtocol protocol)
    {
        if (_first is { } first && first.Protocol == protocol) return first.Message;
        if (_first is null)
        {
            _first = (protocol, Encode(protocol));
            return _first.Value.Message;
        }

        _others ??= [];
        if (!_others.TryGetValue(protocol, out var message)) _others[protocol] = message = Encode(protocol);
        return message;
    }

    private OutgoingMessage Encode(IClientProtocol protocol)
    {
        var json = new CompactJsonWriter(EventJson.TypicalLength);
        try
        {
            protocol.WriteEvent(@event, ref json);
            return new OutgoingMessage(WebSocketFrame.Text(json.Written));
        }
        finally
        {
            json.Dispose();
        }
    }
}
