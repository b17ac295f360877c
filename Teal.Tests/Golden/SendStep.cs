namespace Teal.Tests.Golden;

/// <summary>A client sends a text message.</summary>
internal sealed record SendStep(string Client, string Text) : GoldenStep;
