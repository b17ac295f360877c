namespace Teal.Api.Keys;

/// <summary>Some keys of an account.</summary>
/// <param name="Keys">The keys.</param>
/// <param name="Next">What to give as <c>after</c> for the following ones; null: there are none.</param>
internal sealed record KeyPage(IReadOnlyList<KeyEntry> Keys, string? Next);
