namespace Teal.Tests.Golden;

/// <summary>A client sends a websocket ping, and must get its pong.</summary>
internal sealed record PingStep : GoldenStep;
