namespace Teal.Api.Purge;

/// <summary>What a purge did.</summary>
/// <param name="Events">How many events were forgotten.</param>
internal sealed record PurgeAnswer(long Events);
