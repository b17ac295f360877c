namespace Teal.Webhooks.Schemes;

/// <summary>What a scheme is given to check with.</summary>
/// <param name="Secrets">
/// The secrets, each in the form that its provider shows it. Several: each counts, so that they can be changed.
/// </param>
public sealed record SchemeWish(IReadOnlyList<string> Secrets)
{
    /// <summary>What a provider has to say when it asks whether the address is ours; null: none was given.</summary>
    public string? VerifyToken { get; init; }

    /// <summary>How far the time of a signature may be away from now; null: as far as the scheme says.</summary>
    public TimeSpan? Tolerance { get; init; }

    /// <summary>Nothing: secrets have no place in a log.</summary>
    public override string ToString() => nameof(SchemeWish);
}
