using Teal.Core.Events;
using Teal.Dispatcher.Connections;

namespace Teal.Dispatcher.Protocols;

/// <summary>One event on its way to many connections: encoded once for each protocol that is in use. One thread at a time.</summary>
internal sealed class EventFrames(TealEvent @event)
{
    private (IClientProtocol Protocol, byte[] Frame)? _first;
    private Dictionary<IClientProtocol, byte[]>? _others;

    /// <summary>The frame for connections that speak <paramref name="protocol"/>; nobody may change it.</summary>
    public byte[] For(IClientProtocol protocol)
    {
        if (_first is { } first && first.Protocol == protocol) return first.Frame;
        if (_first is null)
        {
            _first = (protocol, Encode(protocol));
            return _first.Value.Frame;
        }

        _others ??= [];
        if (!_others.TryGetValue(protocol, out var frame)) _others[protocol] = frame = Encode(protocol);
        return frame;
    }

    private byte[] Encode(IClientProtocol protocol) => WebSocketFrame.Text(protocol.EncodeEvent(@event));
}
