using Teal.Core.Events;
using Teal.Core.Wire;
using Teal.Dispatcher.Commands;

namespace Teal.Dispatcher.Protocols;

/// <summary>
/// What is spoken on a connection: turns a client's messages into commands, and events and answers into messages. It knows
/// nothing of sockets, holds no state, and serves all connections at once.
/// </summary>
internal interface IClientProtocol
{
    /// <summary>The name in <c>Sec-WebSocket-Protocol</c>; null: spoken when none is offered.</summary>
    string? Subprotocol { get; }

    /// <summary>Reads one text message, valid UTF-8. Never throws: what it does not understand is a fault.</summary>
    ReadResult Read(ReadOnlyMemory<byte> message);

    /// <summary>What the client is told of its message; null: nothing.</summary>
    /// <param name="read">The message.</param>
    /// <param name="outcome">What became of it.</param>
    byte[]? EncodeAnswer(ReadResult read, CommandOutcome outcome);

    /// <summary>Writes the message that tells of an event; once for all connections of the protocol.</summary>
    void WriteEvent(TealEvent @event, ref CompactJsonWriter json);

    /// <summary>What a client is told when a notice comes that is not about a request; null: nothing.</summary>
    byte[]? EncodeNotice(ConnectionNotice notice);
}
