namespace Teal.Core.Records;

/// <summary>Bounds of what is remembered of the store.</summary>
/// <param name="Most">How many records are remembered; then the oldest are forgotten.</param>
/// <param name="Grace">How long they go on to count while the store is away.</param>
public readonly record struct RecentBounds(int Most, TimeSpan Grace);
