namespace Teal.Core.States;

/// <summary>The opaque <c>state</c> parameter of a redirect flow, and the settings stored under it (specification 3.2).</summary>
/// <param name="State">Any non-empty string.</param>
/// <param name="FinalRedirectUrl">Where the end user's browser goes afterwards, verbatim; null: nowhere.</param>
/// <param name="WithFragment">Whether the parameters come in the URL's fragment, which a page has to gather.</param>
/// <param name="ExpiresAt">The instant, UTC, from which on the state is unknown; null: never.</param>
/// <param name="Owner">The team that created it (specification 8.5).</param>
public sealed record CallbackState(string State, string? FinalRedirectUrl, bool WithFragment, DateTime? ExpiresAt, string Owner)
{
    /// <summary>
    /// Which account of the owner made it, as <see cref="StateMaker"/> writes it; null: the one that has the owner's name.
    /// </summary>
    public string? MadeBy { get; init; }

    /// <summary>Whether the state is over at <paramref name="now"/>.</summary>
    public bool IsExpired(DateTimeOffset now) => ExpiresAt <= now.UtcDateTime;

    /// <summary>Nothing: all of a state is secret and has no place in a log.</summary>
    public override string ToString() => nameof(CallbackState);
}
