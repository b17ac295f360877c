using System.Text.Json;
using Teal.Accounts.Authentication;
using Teal.Accounts.Directory;
using Teal.Accounts.Issuers;
using Teal.Accounts.Keys;
using Teal.Accounts.Secrets;
using Teal.Core.Identities;
using Teal.Core.Records;

namespace Teal.Accounts.Tickets;

/// <summary>Knows tickets, each of which lets in once, whoever is who made it (specification 8.3).</summary>
internal sealed class TicketCheck(
    IRecordStore records, KeyStore keys, KeyIdentities identities, AccountDirectory accounts, TokenIdentities tokens) : ICredentialCheck
{
    /// <inheritdoc/>
    public bool Recognizes(Credential credential) => credential is Credential.Ticket;

    /// <inheritdoc/>
    public async ValueTask<AuthenticationResult> CheckAsync(Credential credential, Arrival arrival, CancellationToken cancellationToken)
    {
        var text = ((Credential.Ticket)credential).Secret;
        if (!TicketService.Form.IsWhole(text)) return AuthenticationResult.NotProven;

        // Looked at first: one that is not there costs the store no write, and another page does not use up what it has found.
        var name = SecretHash.NameOf(text);
        var found = await records.FindAsync(TicketService.Collection, name, cancellationToken);
        if (found is null || Read(found) is { Origin: { } origin } && origin != arrival.Origin) return AuthenticationResult.NotProven;

        // Of many who bring it at the same time one gets it.
        return await records.TakeAsync(TicketService.Collection, name, cancellationToken) is { } taken
            && await FindMakerAsync(Read(taken), text, cancellationToken) is { } maker
            ? new AuthenticationResult.Accepted(maker) : AuthenticationResult.NotProven;
    }

    private static TicketRecord Read(StoredRecord record) =>
        JsonSerializer.Deserialize(record.Value.Span, TicketJson.Default.TicketRecord)!;

    // As the account and the key are now, or the token's issuer. Null: one of them is over, or the account has another password.
    private async ValueTask<Identity?> FindMakerAsync(TicketRecord ticket, string text, CancellationToken cancellationToken)
    {
        if (ticket.Subject is { } subject) return await tokens.FindAsync(subject.Restore(ticket.Account), cancellationToken);
        if (await accounts.FindOwnerAsync(ticket.Account, cancellationToken) is not { } owner) return null;
        if (ticket.KeyId is not { } id)
            return SecretHash.IsProofOf(ticket.Proof, text, accounts.MarkOf(owner)) ? accounts.OnceOf(owner) : null;

        return await keys.FindAsync(id, cancellationToken) is { } key ? identities.Of(owner, key) : null;
    }
}
