namespace Teal.Tests.Golden;

/// <summary>One thing that is done in a case.</summary>
internal abstract record GoldenStep;
