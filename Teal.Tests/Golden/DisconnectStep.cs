namespace Teal.Tests.Golden;

/// <summary>A client ends its connection.</summary>
internal sealed record DisconnectStep(string Client) : GoldenStep;
