namespace Teal.Accounts.Tickets;

/// <summary>A ticket as the store keeps it, in JSON, under the SHA-256 of its text.</summary>
/// <param name="Account">Whose it is.</param>
/// <param name="KeyId">The key that it was made with, and that narrows it; null: none.</param>
/// <param name="Origin">The origin of the page that it was made for; null: any may use it, and programs.</param>
internal sealed record TicketRecord(string Account, string? KeyId, string? Origin)
{
    /// <summary>
    /// Shows that the account has the password still that it had then; null where the ticket was made with a key, or with a token.
    /// </summary>
    public byte[]? Proof { get; init; }

    /// <summary>What the token of an outside issuer said that it was made with; null: it was made with none.</summary>
    public TicketSubject? Subject { get; init; }
}
