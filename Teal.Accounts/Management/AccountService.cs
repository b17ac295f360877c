using System.Runtime.CompilerServices;
using Teal.Accounts.Directory;
using Teal.Accounts.Faults;
using Teal.Accounts.Hashing;
using Teal.Accounts.Keys;
using Teal.Accounts.OneTimePasswords;
using Teal.Core.Configuration;
using Teal.Core.Identities;
using Teal.Core.Records;

using static Teal.Accounts.Management.AccountResult;

namespace Teal.Accounts.Management;

/// <summary>
/// Manages the accounts of the store while Teal runs (specification 8.2), for administrators alone. What it does counts in this process at
/// once, and in all others after a second at most. Members throw where the store cannot be reached.
/// </summary>
public sealed class AccountService
{
    // Each try finds another version, or succeeds.
    private const int MostTries = 10;

    private const string Anonymous = "The account anonymous comes from the settings alone (Dispatcher:Password, Accounts:anonymous).";

    private static readonly Refused NotAllowed = Refuse(AccountFaultCode.NotAllowed, "Accounts are for administrators.");
    private static readonly Refused Busy = Refuse(AccountFaultCode.Busy, "Too many passwords wait to be hashed; try again.");

    private readonly StoredAccounts _stored;
    private readonly Live<AccountOptions> _live;
    private readonly PasswordHasher _hasher;
    private readonly KeyService _keys;
    private readonly OneTimePasswordService _oneTimePasswords;
    private readonly TimeProvider _clock;

    internal AccountService(
        StoredAccounts stored, Live<AccountOptions> live, PasswordHasher hasher, KeyService keys, OneTimePasswordService oneTimePasswords,
        TimeProvider clock) =>
        (_stored, _live, _hasher, _keys, _oneTimePasswords, _clock) = (stored, live, hasher, keys, oneTimePasswords, clock);

    /// <summary>
    /// All accounts, those of the settings first; one that is in both is there twice, and the settings win. None where whoever asks may not
    /// see them.
    /// </summary>
    public async IAsyncEnumerable<Account> ListAsync(Identity by, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!by.Permissions.May(Act.Admin)) yield break;

        foreach (var account in _live.Now.All) yield return account;
        await foreach (var account in _stored.ListAsync(cancellationToken)) yield return account;
    }

    /// <summary>
    /// The account with that name as it is now, and not as it was a second ago; null: there is none, or whoever asks may not see it.
    /// </summary>
    public async ValueTask<Account?> FindAsync(Identity by, string name, CancellationToken cancellationToken) =>
        by.Permissions.May(Act.Admin) ? _live.Now.Find(name) ?? await _stored.ReadAsync(name, cancellationToken) : null;

    /// <summary>Makes an account.</summary>
    /// <param name="by">Who asks.</param>
    /// <param name="account">What it is to be; its origin, version and hash do not matter.</param>
    /// <param name="password">Its password; null: it gets none, and comes in by other ways alone.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public async ValueTask<AccountResult> AddAsync(Identity by, Account account, string? password, CancellationToken cancellationToken)
    {
        if (FaultOf(by, account, password) is { } fault) return fault;

        var made = account with { Origin = AccountOrigin.Store, PasswordHash = null, PasswordDigest = null, PasswordSetAt = null };
        if (password is not null)
        {
            if (_hasher.TryMake(password) is not { } hashing) return Busy;

            made = WithHash(made, await hashing.WaitAsync(cancellationToken));
        }

        return await PutAsync(made, 0, cancellationToken)
            ?? Refuse(AccountFaultCode.Taken, $"There is an account {made.Name} already.");
    }

    /// <summary>Replaces all of an account but its password.</summary>
    /// <param name="by">Who asks.</param>
    /// <param name="account">What it is to be; its origin, version and hash do not matter.</param>
    /// <param name="expectedVersion">The version that has to be there; null: it does not matter.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public async ValueTask<AccountResult> SetAsync(
        Identity by, Account account, long? expectedVersion, CancellationToken cancellationToken)
    {
        if (FaultOf(by, account, null) is { } fault) return fault;

        return await ChangeAsync(
            by, account.Name, expectedVersion,
            found => account with
            {
                Origin = AccountOrigin.Store,
                PasswordHash = found.PasswordHash,
                PasswordDigest = null,
                PasswordSetAt = found.PasswordSetAt,
            }, cancellationToken);
    }

    /// <summary>Gives an account another password. What was remembered of the former one is over.</summary>
    /// <param name="by">Who asks.</param>
    /// <param name="name">The account, in lower case.</param>
    /// <param name="password">The password; null: it has none from now on.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public async ValueTask<AccountResult> SetPasswordAsync(
        Identity by, string name, string? password, CancellationToken cancellationToken)
    {
        if (FaultOf(by, name) is { } refused) return refused;
        if (password is null)
        {
            return await ChangeAsync(
                by, name, null, static found => found with { PasswordHash = null, PasswordSetAt = null }, cancellationToken);
        }

        if (AccountForm.FaultOfPassword(password) is { } fault) return Refuse(AccountFaultCode.Invalid, $"The password {fault}.");
        if (_hasher.TryMake(password) is not { } hashing) return Busy;

        var hash = await hashing.WaitAsync(cancellationToken);
        return await ChangeAsync(by, name, null, found => WithHash(found, hash), cancellationToken);
    }

    /// <summary>
    /// Removes an account, and its keys and one-time passwords. One of the store that the settings have too can be removed from the store.
    /// </summary>
    /// <param name="by">Who asks.</param>
    /// <param name="name">The account, in lower case.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public async ValueTask<AccountResult> RemoveAsync(Identity by, string name, CancellationToken cancellationToken)
    {
        if (!by.Permissions.May(Act.Admin)) return NotAllowed;

        var isOfSettings = _live.Now.Find(name) is not null;
        if (await _stored.TakeAsync(name, cancellationToken) is not { } taken) return isOfSettings ? OfSettings(name) : NotFound(name);
        if (isOfSettings) return new Done(taken);

        await _keys.RevokeAllAsync(name, cancellationToken);
        await _oneTimePasswords.ForgetAllAsync(name, cancellationToken);
        return new Done(taken);
    }

    private static Refused Refuse(AccountFaultCode code, string detail) => new(new AccountFault(code, detail));

    private static Refused NotFound(string name) => Refuse(AccountFaultCode.NotFound, $"There is no account {name}.");

    private static Refused OfSettings(string name) =>
        Refuse(AccountFaultCode.OfSettings, $"The account {name} stands in the settings, and is changed there.");

    private Account WithHash(Account account, PasswordHash hash) =>
        account with { PasswordHash = hash.ToString(), PasswordSetAt = _clock.GetUtcNow().UtcDateTime };

    private Refused? FaultOf(Identity by, string name)
    {
        if (!by.Permissions.May(Act.Admin)) return NotAllowed;
        if (name == Identity.AnonymousName) return Refuse(AccountFaultCode.OfSettings, Anonymous);
        return _live.Now.Find(name) is not null ? OfSettings(name) : null;
    }

    private Refused? FaultOf(Identity by, Account account, string? password)
    {
        if (FaultOf(by, account.Name) is { } refused) return refused;
        if (AccountForm.FaultsOf(account, _live.Now.Roles).FirstOrDefault() is { } fault)
            return Refuse(AccountFaultCode.Invalid, $"{(fault.Path.Length == 0 ? "The name" : fault.Path)} {fault.Text}.");

        return password is not null && AccountForm.FaultOfPassword(password) is { } passwordFault
            ? Refuse(AccountFaultCode.Invalid, $"The password {passwordFault}.") : null;
    }

    private async ValueTask<AccountResult> ChangeAsync(
        Identity by, string name, long? expectedVersion, Func<Account, Account> change, CancellationToken cancellationToken)
    {
        if (FaultOf(by, name) is { } refused) return refused;

        for (var i = 0; i < MostTries; i++)
        {
            if (await _stored.ReadAsync(name, cancellationToken) is not { } found) return NotFound(name);
            if (expectedVersion is { } expected && found.Version != expected) break;
            if (await PutAsync(change(found), found.Version, cancellationToken) is { } result) return result;
        }

        return Refuse(AccountFaultCode.Conflict, $"The account {name} was changed by somebody else meanwhile.");
    }

    // Null: another version is there than the expected one.
    private async ValueTask<AccountResult?> PutAsync(Account account, long expectedVersion, CancellationToken cancellationToken) =>
        await _stored.PutAsync(account, expectedVersion, cancellationToken) switch
        {
            RecordResult.Conflict => null,
            RecordResult.Full =>
                Refuse(AccountFaultCode.TooMany, "The store has no room for another account (Records:MaximumRecords)."),
            RecordResult.TooLong => Refuse(AccountFaultCode.Invalid, "The account is too long (Records:MaximumRecordSize)."),
            _ => new Done(await _stored.ReadAsync(account.Name, cancellationToken) ?? account),
        };
}
