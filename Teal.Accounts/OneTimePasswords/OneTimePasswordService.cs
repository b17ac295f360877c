using Teal.Accounts.Directory;
using Teal.Accounts.Faults;
using Teal.Accounts.Secrets;
using Teal.Core.Identities;
using Teal.Core.Records;

namespace Teal.Accounts.OneTimePasswords;

/// <summary>
/// Makes one-time passwords: the same as an account's password, for one login within 10 minutes (specification 8.3). An account makes its
/// own, an administrator anybody's; whoever came with a key or a one-time password makes none.
/// </summary>
public sealed class OneTimePasswordService(
    IRecordStore records, AccountDirectory accounts, OneTimePasswordOptions options, TimeProvider clock)
{
    private const string Collection = "one-time-password";

    private static readonly OneTimePasswordResult NoAccount = Refuse(AccountFaultCode.NotFound, "There is no such account.");

    private static readonly SecretForm Form = new("tealotp", SecretForm.SecretLength);

    /// <summary>Makes one, which is told this once. Throws where the store cannot be reached.</summary>
    public async ValueTask<OneTimePasswordResult> MakeAsync(Identity by, string account, CancellationToken cancellationToken)
    {
        if (!by.MayMakeCredentials)
            return Refuse(AccountFaultCode.NotAllowed, "A one-time password is made with the password of an account.");
        if (by.Account != account && !by.Permissions.May(Act.Admin))
            return Refuse(AccountFaultCode.NotAllowed, "One-time passwords of other accounts are for administrators.");
        if (await accounts.FindAsync(account, cancellationToken) is not { } found)
            return NoAccount;

        // Kept before it is counted, so that many at once do not get over the bound.
        var text = Form.Make();
        var end = clock.GetUtcNow().UtcDateTime + options.Lifetime;
        var proof = SecretHash.ProofOf(text, accounts.MarkOf(accounts.IdentityOf(found)));
        var result = await records.PutAsync(Collection, NameOf(account, text), proof, end, 0, cancellationToken);
        if (result != RecordResult.Stored)
            return Refuse(AccountFaultCode.TooMany, "The store has no room for further records (Records:MaximumRecords).");
        var limit = await FindLimitAsync(account, cancellationToken);

        // Somebody may have removed the account meanwhile, and what it had, perhaps before this one was there.
        var isThere = await accounts.ReadAsync(account, cancellationToken) is not null;
        if (limit is null && isThere) return new OneTimePasswordResult.Made(text, end);

        await records.DeleteAsync(Collection, NameOf(account, text), cancellationToken);
        return isThere ? Refuse(AccountFaultCode.TooMany, limit!) : NoAccount;
    }

    /// <summary>Whether somebody who gives this text as a password means a one-time password, perhaps one that was mistyped.</summary>
    internal static bool IsMeant(string text) => Form.IsMeant(text);

    /// <summary>Whether it is one of that account. The first who asks for it gets it, and nobody else.</summary>
    /// <param name="account">The account.</param>
    /// <param name="text">What was given.</param>
    /// <param name="mark">What changes with the account's password: one that was made before is over.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    internal async ValueTask<bool> TryTakeAsync(string account, string text, string mark, CancellationToken cancellationToken)
    {
        // Looked at first: what is not there costs the store no write.
        var name = NameOf(account, text);
        return Form.IsWhole(text) && await records.FindAsync(Collection, name, cancellationToken) is not null
            && await records.TakeAsync(Collection, name, cancellationToken) is { } taken
            && SecretHash.IsProofOf(taken.Value.Span, text, mark);
    }

    /// <summary>Forgets all of an account that is removed: one of the same name that comes later is another one.</summary>
    internal async ValueTask ForgetAllAsync(string account, CancellationToken cancellationToken)
    {
        await foreach (var record in records.ListAsync(Collection, Prefix(account), cancellationToken))
            await records.DeleteAsync(Collection, record.Key, cancellationToken);
    }

    // No account's name has a slash. By its own name an account has no use for those of others.
    private static string Prefix(string account) => $"{account}/";

    private static string NameOf(string account, string text) => Prefix(account) + SecretHash.NameOf(text);

    private static OneTimePasswordResult.Refused Refuse(AccountFaultCode code, string detail) => new(new AccountFault(code, detail));

    private async ValueTask<string?> FindLimitAsync(string account, CancellationToken cancellationToken)
    {
        if (await records.CountAsync(Collection, Prefix(account), cancellationToken) > options.MaximumPerAccount)
            return $"An account can have {options.MaximumPerAccount} one-time passwords at once (OneTimePasswords:MaximumPerAccount).";
        return await records.CountAsync(Collection, "", cancellationToken) > options.Maximum
            ? $"There can be {options.Maximum} one-time passwords at once (OneTimePasswords:Maximum)." : null;
    }
}
