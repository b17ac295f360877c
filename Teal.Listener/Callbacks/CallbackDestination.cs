namespace Teal.Listener.Callbacks;

/// <summary>What is to be done with a callback whose state is known.</summary>
/// <param name="WithFragment">Whether the page has to gather the fragment first.</param>
/// <param name="Location">Where the end user goes then, ASCII; null: nowhere.</param>
/// <param name="StateEnd">When the state ends, UTC; null: never, or it is not stored.</param>
internal sealed record CallbackDestination(bool WithFragment, string? Location, DateTime? StateEnd);
