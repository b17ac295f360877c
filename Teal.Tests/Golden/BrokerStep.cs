namespace Teal.Tests.Golden;

/// <summary>A message is published at the broker directly.</summary>
internal sealed record BrokerStep(string Exchange, string RoutingKey, string Body) : GoldenStep;
