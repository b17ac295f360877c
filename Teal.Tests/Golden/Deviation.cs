namespace Teal.Tests.Golden;

/// <summary>A difference from the original in some cases.</summary>
/// <param name="Ids">The cases.</param>
/// <param name="Why">Where it is written that it shall be so, or why it cannot matter.</param>
/// <param name="Change">Turns what the rules leave of the recorded behaviour into Teal's.</param>
internal sealed record Deviation(IReadOnlyList<string> Ids, string Why, Func<Expectation, Expectation> Change);
