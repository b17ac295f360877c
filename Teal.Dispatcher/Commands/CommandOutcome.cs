using Teal.Dispatcher.Registrations;

namespace Teal.Dispatcher.Commands;

/// <summary>What became of a message's commands.</summary>
/// <param name="Fault">Why nothing was done; null: all was done.</param>
/// <param name="Registrations">Those that were asked for, whose events come once they are begun.</param>
internal readonly record struct CommandOutcome(CommandFault? Fault, IReadOnlyList<Registration> Registrations)
{
    /// <summary>The webhook that was made, in JSON; null: none was.</summary>
    public byte[]? Webhook { get; init; }

    public static implicit operator CommandOutcome(CommandFault fault) => new(fault, []);
}
