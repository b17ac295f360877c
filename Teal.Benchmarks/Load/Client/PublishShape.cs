namespace Teal.Benchmarks.Load.Client;

/// <summary>The shape of a load.</summary>
/// <param name="Topics">How many topics the events go to, in turn.</param>
/// <param name="SubscribersPerTopic">How many websockets get each of them.</param>
/// <param name="Outstanding">How many events are under way at a time, each on an HTTP connection of its own.</param>
internal sealed record PublishShape(int Topics, int SubscribersPerTopic, int Outstanding);
