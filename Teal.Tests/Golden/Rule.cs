namespace Teal.Tests.Golden;

/// <summary>A difference from the original that holds wherever its situation occurs.</summary>
/// <param name="Name">A name for it.</param>
/// <param name="Why">Where it is written that it shall be so.</param>
/// <param name="Change">Turns one recorded answer into Teal's; returns the same object where the rule does not apply.</param>
internal sealed record Rule(string Name, string Why, Func<HttpStep, RecordedResponse, RecordedResponse> Change);
