using Teal.Dispatcher.Commands;
using Teal.Dispatcher.Registrations;

namespace Teal.Dispatcher.Protocols;

/// <summary>
/// The form of the messages of one of Teal's own protocols: turns a client's messages into commands, and events and answers into messages.
/// It holds no state, and serves all clients at once.
/// </summary>
internal interface ITealDialect : IEventEncoder
{
    /// <summary>The name in <c>Sec-WebSocket-Protocol</c>; null: spoken when none is offered.</summary>
    string? Subprotocol { get; }

    /// <summary>Whether a client that connects again can go on where it was.</summary>
    bool HasCursors { get; }

    /// <summary>Reads one text message, valid UTF-8. Never throws: what it does not understand is a fault.</summary>
    ReadResult Read(ReadOnlyMemory<byte> message);

    /// <summary>What the client is told of its message; null: nothing.</summary>
    /// <param name="read">The message.</param>
    /// <param name="outcome">What became of it.</param>
    byte[]? EncodeAnswer(ReadResult read, CommandOutcome outcome);

    /// <summary>What a client of a team is told when a notice comes that is not about a message; null: nothing.</summary>
    byte[]? EncodeNotice(Notice notice, string team);
}
