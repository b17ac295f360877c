using Teal.Core.Events;
using Teal.Dispatcher.Commands;

namespace Teal.Dispatcher.Protocols;

/// <summary>Something that a client should know, and that is neither an event nor an answer.</summary>
internal abstract record ConnectionNotice
{
    /// <summary>Events of a topic are not kept any more that the client did not get.</summary>
    /// <param name="Topic">The topic.</param>
    /// <param name="After">The position behind which they are missing.</param>
    /// <param name="UpTo">The position up to which they may be.</param>
    public sealed record Gap(Topic Topic, long After, long UpTo) : ConnectionNotice;

    /// <summary>The client has all that was kept of a topic; what follows arrives.</summary>
    /// <param name="Topic">The topic.</param>
    /// <param name="Position">The position up to which it has all.</param>
    public sealed record Replayed(Topic Topic, long Position) : ConnectionNotice;

    /// <summary>A message that is no text.</summary>
    public sealed record NotText : ConnectionNotice
    {
        /// <summary>What is wrong with it.</summary>
        public static readonly CommandFault Fault = new(CommandFaultCode.InvalidMessage, "Messages are text, not binary.");
    }

    /// <summary>The server is about to stop.</summary>
    public sealed record Draining : ConnectionNotice;
}
