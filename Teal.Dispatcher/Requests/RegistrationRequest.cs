using Teal.Core.Events;
using Teal.Dispatcher.Protocols;

namespace Teal.Dispatcher.Requests;

/// <summary>A topic that a client wants.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="After">The position behind which its events begin, 0 for the earliest; null: from now on.</param>
/// <param name="IsInstant">Whether the position is an instant that the client chose, and not a place where it was.</param>
internal readonly record struct RegistrationRequest(Topic Topic, long? After, bool IsInstant = false)
{
    /// <summary>What the position says it belongs to; null: it does not say.</summary>
    public CursorOrigin? Origin { get; init; }

    /// <summary>Whether the client wants to be told when it has all that was kept.</summary>
    public bool AsksForEnd { get; init; }
}
