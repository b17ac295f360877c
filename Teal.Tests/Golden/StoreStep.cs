namespace Teal.Tests.Golden;

/// <summary>A state is put into the store directly, as a value of Redis.</summary>
internal sealed record StoreStep(string State, string Value) : GoldenStep;
