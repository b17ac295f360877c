using Teal.Dispatcher.Commands;

namespace Teal.Dispatcher.Protocols;

/// <summary>A message as a protocol read it: the commands in it, or a fault.</summary>
internal readonly record struct ReadResult(IReadOnlyList<Command>? Commands, CommandFault? Fault)
{
    /// <summary>What the client called the message, as JSON, to be repeated in the answer; null: nothing.</summary>
    public byte[]? Id { get; init; }

    /// <summary>What the message has of a kind of command; null: nothing.</summary>
    public T? Find<T>()
        where T : Command => Commands?.OfType<T>().FirstOrDefault();

    public static implicit operator ReadResult(CommandFault fault) => new(null, fault);
}
