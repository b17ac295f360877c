using System.Text.Json;
using Teal.Accounts.Directory;
using Teal.Accounts.Faults;
using Teal.Accounts.Issuers;
using Teal.Accounts.Secrets;
using Teal.Core.Identities;
using Teal.Core.Records;

namespace Teal.Accounts.Tickets;

/// <summary>
/// Makes tickets, for browsers: the same as what their maker came with, for one websocket or stream within 20 seconds (specification 8.3).
/// </summary>
public sealed class TicketService
{
    /// <summary>The collection of their records.</summary>
    internal const string Collection = "ticket";

    /// <summary>The form of their texts.</summary>
    internal static readonly SecretForm Form = new("tealticket", SecretForm.SecretLength);

    private static readonly TicketResult TooMany = new TicketResult.Refused(new AccountFault(
        AccountFaultCode.TooMany, "There are too many tickets (Tickets:MaximumPerAccount, Tickets:Maximum); try again in some seconds."));

    private static readonly TicketResult NotAllowed = new TicketResult.Refused(new AccountFault(
        AccountFaultCode.NotAllowed, "Tickets of other accounts are made by administrators, with a password."));

    private static readonly TicketResult NotFound = new TicketResult.Refused(new AccountFault(
        AccountFaultCode.NotFound, "There is no such account."));

    private readonly IRecordStore _records;
    private readonly AccountDirectory _accounts;
    private readonly TokenIdentities _tokens;
    private readonly TicketLimit _limit;
    private readonly TicketOptions _options;
    private readonly TimeProvider _clock;

    internal TicketService(
        IRecordStore records, AccountDirectory accounts, TokenIdentities tokens, TicketLimit limit, TicketOptions options,
        TimeProvider clock) =>
        (_records, _accounts, _tokens, _limit, _options, _clock) = (records, accounts, tokens, limit, options, clock);

    /// <summary>Makes a ticket for whoever wants it, as he came. Throws where the store cannot be reached.</summary>
    /// <param name="by">Who wants it.</param>
    /// <param name="origin">The origin of the page that asks, which alone may use it then; null: no page asks.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public ValueTask<TicketResult> MakeAsync(Identity by, string? origin, CancellationToken cancellationToken) =>
        KeepAsync(by, origin, cancellationToken);

    /// <summary>The same for another account, where an administrator wants it.</summary>
    public async ValueTask<TicketResult> MakeForAsync(
        Identity by, string account, string? origin, CancellationToken cancellationToken)
    {
        if (account == by.Account) return await KeepAsync(by, origin, cancellationToken);
        if (!by.Permissions.May(Act.Admin) || !by.MayMakeCredentials) return NotAllowed;

        return await _accounts.FindAsync(account, cancellationToken) is { } found
            ? await KeepAsync(_accounts.IdentityOf(found), origin, cancellationToken) : NotFound;
    }

    private async ValueTask<TicketResult> KeepAsync(Identity owner, string? origin, CancellationToken cancellationToken)
    {
        if (!_limit.TryCount(owner.Account)) return TooMany;
        if (await _records.CountAsync(Collection, "", cancellationToken) >= _options.Maximum) return TooMany;

        var text = Form.Make();
        var subject = _tokens.SubjectOf(owner);
        var isByPassword = subject is null && owner.KeyId is null;
        var record = new TicketRecord(owner.Account, owner.KeyId, origin)
        {
            Proof = isByPassword ? SecretHash.ProofOf(text, _accounts.MarkOf(owner)) : null,
            Subject = subject is null ? null : TicketSubject.Of(subject),
        };
        var value = JsonSerializer.SerializeToUtf8Bytes(record, TicketJson.Default.TicketRecord);
        var end = _clock.GetUtcNow().UtcDateTime + _options.Lifetime;
        return await _records.PutAsync(Collection, SecretHash.NameOf(text), value, end, 0, cancellationToken) == RecordResult.Stored
            ? new TicketResult.Made(text, _options.Lifetime) : TooMany;
    }
}
