namespace Teal.Core.States;

/// <summary>A state that was stored, and what it replaced, so that it can be taken back.</summary>
/// <param name="State">The state as it is stored.</param>
/// <param name="Former">The state as it was before; null: there was none.</param>
public sealed record StateChange(CallbackState State, CallbackState? Former);
