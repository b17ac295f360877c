using Teal.Core.Addresses;

namespace Teal.Listener.Callbacks.Freestanding;

/// <summary>A state that says itself where it leads, so that nothing has to be stored under it (specification 2.2).</summary>
/// <param name="RedirectUrl">Where the end user goes; its query does not hold <paramref name="State"/> yet.</param>
/// <param name="State">What the <c>state</c> parameter of that URL becomes; null: it is left as it is.</param>
/// <param name="WithFragment">Whether the parameters come in the fragment.</param>
public sealed record FreestandingState(HttpUrl RedirectUrl, string? State, bool WithFragment)
{
    /// <summary>Reads a state in either format, base64 JSON first. Null when it is neither. Never throws.</summary>
    public static FreestandingState? Decode(string text) => Base64JsonState.Decode(text) ?? PackedState.Decode(text);
}
