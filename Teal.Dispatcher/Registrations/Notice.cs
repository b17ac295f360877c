using Teal.Core.Events;

namespace Teal.Dispatcher.Registrations;

/// <summary>Something that a client should know, and that is neither an event nor an answer.</summary>
internal abstract record Notice
{
    /// <summary>Events of a topic are not kept any more that the client did not get.</summary>
    /// <param name="Topic">The topic.</param>
    /// <param name="After">The position behind which they are missing.</param>
    /// <param name="UpTo">The position up to which they may be.</param>
    public sealed record Gap(Topic Topic, long After, long UpTo) : Notice;

    /// <summary>The client has all that was kept of a topic; what follows arrives.</summary>
    /// <param name="Topic">The topic.</param>
    /// <param name="Position">The position up to which it has all.</param>
    public sealed record Replayed(Topic Topic, long Position) : Notice;

    /// <summary>A registration ended, as the client may not read the topic any more.</summary>
    /// <param name="Topic">The topic.</param>
    public sealed record Unregistered(Topic Topic) : Notice;

    /// <summary>The server is about to stop.</summary>
    public sealed record Draining : Notice;
}
