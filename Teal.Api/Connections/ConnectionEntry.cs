namespace Teal.Api.Connections;

/// <summary>A client's connection as the API shows it.</summary>
/// <param name="Id">What it is called; only the process that has it knows it.</param>
/// <param name="Account">Whose it is; null: that is not known yet.</param>
/// <param name="KeyId">The id of the key that it came with; null: it came with none.</param>
/// <param name="Protocol"><c>classic</c>, or the subprotocol.</param>
/// <param name="Since">When it was opened, UTC.</param>
/// <param name="Address">
/// The client's address, of IPv6 its /64; null: it is a trusted proxy's, or this machine's own.
/// </param>
/// <param name="Topics">How many topics of each kind it is registered for; null: its client changes that just now.</param>
/// <param name="Waiting">How many bytes wait for its client, who does not take them.</param>
internal sealed record ConnectionEntry(
    string Id, string? Account, string? KeyId, string Protocol, DateTime Since, string? Address,
    IReadOnlyDictionary<string, int>? Topics, long Waiting);
