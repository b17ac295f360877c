namespace Teal.Core.States;

/// <summary>A state as somebody wants it.</summary>
/// <param name="State"><inheritdoc cref="CallbackState.State"/></param>
/// <param name="FinalRedirectUrl"><inheritdoc cref="CallbackState.FinalRedirectUrl"/></param>
/// <param name="WithFragment"><inheritdoc cref="CallbackState.WithFragment"/></param>
/// <param name="ExpiresAt">The instant, UTC, from which on the state is unknown.</param>
public sealed record StateWish(string State, string? FinalRedirectUrl, bool WithFragment, DateTime ExpiresAt)
{
    /// <summary>Nothing: all of a state is secret and has no place in a log.</summary>
    public override string ToString() => nameof(StateWish);
}
