namespace Teal.Tests.Golden;

/// <summary>Cases that need what this suite does not have yet.</summary>
/// <param name="Reason">What is missing.</param>
/// <param name="Covers">Whether a case is one of them.</param>
internal sealed record Postponement(string Reason, Func<GoldenCase, bool> Covers);
