namespace Teal.Listener.Callbacks;

/// <summary>What is to be done with a callback whose state is known.</summary>
/// <param name="State">
/// The state, decoded; where it is stored, the store's own text, so that all of its events have that one in common.
/// </param>
/// <param name="WithFragment">Whether the page has to gather the fragment first.</param>
/// <param name="Location">Where the end user goes then, ASCII; null: nowhere.</param>
/// <param name="IsStored">Whether a client stored it; else it says itself where it leads.</param>
/// <param name="StateEnd">When the state ends, UTC; null: never, or it is not stored.</param>
internal sealed record CallbackDestination(string State, bool WithFragment, string? Location, bool IsStored, DateTime? StateEnd)
{
    /// <summary>The team that the state belongs to, and its events with it; null: nobody's, as it is not stored.</summary>
    public string? Owner { get; init; }

    /// <summary>Whether it would go somewhere, and the lists of the state's maker do not allow that any more (specification 8.6).</summary>
    public bool IsHeldBack { get; init; }
}
