using Teal.Accounts.Directory;
using Teal.Accounts.Faults;
using Teal.Accounts.Secrets;
using Teal.Core.Identities;
using Teal.Core.Records;

namespace Teal.Accounts.Keys;

/// <summary>
/// Makes, lists and revokes API keys (specification 8.3). An account does so with its own keys, an administrator with all; whoever came
/// with a key sees and revokes that one alone, and makes none. Members throw where the store cannot be reached.
/// </summary>
public sealed class KeyService
{
    private static readonly KeyResult NoAccount = Refuse(AccountFaultCode.NotFound, "There is no such account.");

    private readonly KeyStore _keys;
    private readonly AccountDirectory _accounts;
    private readonly KeyOptions _options;
    private readonly TimeProvider _clock;

    internal KeyService(KeyStore keys, AccountDirectory accounts, KeyOptions options, TimeProvider clock) =>
        (_keys, _accounts, _options, _clock) = (keys, accounts, options, clock);

    /// <summary>Makes a key, which is told this once.</summary>
    public async ValueTask<KeyResult> MakeAsync(Identity by, KeyWish wish, CancellationToken cancellationToken)
    {
        if (!by.MayMakeCredentials) return Refuse(AccountFaultCode.NotAllowed, "A key is made with the password of an account.");
        if (!IsOwnerOrAdmin(by, wish.Account)) return Refuse(AccountFaultCode.NotAllowed, "Keys of other accounts are for administrators.");
        if (FaultOf(wish) is { } fault) return Refuse(AccountFaultCode.Invalid, fault);
        if (await _accounts.FindAsync(wish.Account, cancellationToken) is not { } account)
            return NoAccount;
        if (WantsAdmin(wish) && !_accounts.IdentityOf(account).Permissions.May(Act.Admin))
            return Refuse(AccountFaultCode.Invalid, "The account may not do admin, so no key of it may.");

        var key = KeyText.Make();
        var record = new KeyRecord
        {
            Id = key.Id,
            Account = wish.Account,
            Hash = SecretHash.Of(key.Text),
            Label = wish.Label,
            Permissions = wish.Permissions,
            ExpiresAt = wish.ExpiresAt?.UtcDateTime,
            CreatedAt = _clock.GetUtcNow().UtcDateTime,
        };
        if (await KeepAsync(record, cancellationToken) is { } limit) return limit;
        if (await _accounts.ReadAsync(wish.Account, cancellationToken) is not null) return new KeyResult.Made(record.Describe(), key.Text);

        // Somebody removed it meanwhile, and its keys, perhaps before this one was there.
        await _keys.RemoveAsync(record, cancellationToken);
        return NoAccount;
    }

    /// <summary>The keys of an account, those that were made first in front; null: whoever asks may not see them.</summary>
    public async ValueTask<IReadOnlyList<ApiKey>?> ListAsync(Identity by, string account, CancellationToken cancellationToken)
    {
        if (!IsOwnerOrAdmin(by, account)) return null;

        var found = new List<ApiKey>();
        await foreach (var key in _keys.ListAsync(account, cancellationToken))
        {
            if (MayManage(by, key)) found.Add(key.Describe());
        }

        return [.. found.OrderBy(static key => key.CreatedAt).ThenBy(static key => key.Id, StringComparer.Ordinal)];
    }

    /// <summary>A key; null: there is none, or whoever asks may not see it.</summary>
    public async ValueTask<ApiKey?> FindAsync(Identity by, string id, CancellationToken cancellationToken) =>
        await FindManagedAsync(by, id, cancellationToken) is { } key ? key.Describe() : null;

    /// <summary>
    /// Revokes a key: nobody comes in with it any more, and connections that did end (specification 8.7). False: there is none, or whoever
    /// asks may not.
    /// </summary>
    public async ValueTask<bool> RevokeAsync(Identity by, string id, CancellationToken cancellationToken) =>
        await FindManagedAsync(by, id, cancellationToken) is { } key && await _keys.RemoveAsync(key, cancellationToken);

    /// <summary>Revokes all keys of an account that is removed: one of the same name that comes later is another one.</summary>
    public async ValueTask RevokeAllAsync(string account, CancellationToken cancellationToken)
    {
        await foreach (var key in _keys.ListAsync(account, cancellationToken)) await _keys.RemoveAsync(key, cancellationToken);
    }

    private static KeyResult.Refused Refuse(AccountFaultCode code, string detail) => new(new AccountFault(code, detail));

    private static bool IsOwnerOrAdmin(Identity by, string account) => by.Account == account || by.Permissions.May(Act.Admin);

    private static bool MayManage(Identity by, KeyRecord key) =>
        by.Permissions.May(Act.Admin) || (by.Account == key.Account && (by.MayMakeCredentials || by.KeyId == key.Id));

    private async ValueTask<KeyRecord?> FindManagedAsync(Identity by, string id, CancellationToken cancellationToken) =>
        await _keys.ReadAsync(id, cancellationToken) is { } key && MayManage(by, key) ? key : null;

    // It would sleep until the account becomes an administrator's, when nobody thinks of it any more.
    private static bool WantsAdmin(KeyWish wish) => wish.Permissions is { } texts && Permissions.Of(texts).May(Act.Admin);

    private string? FaultOf(KeyWish wish)
    {
        if (wish.Label.Length is 0 or > KeyWish.MaximumLabelLength || wish.Label.Any(char.IsControl))
            return $"The label must have 1 to {KeyWish.MaximumLabelLength} characters, and no control characters.";
        if (wish.ExpiresAt <= _clock.GetUtcNow()) return "The key's end must be ahead.";
        return wish.Permissions is { } texts && !Permissions.TryParse([.. texts], out _, out var fault)
            ? $"The permissions are wrong: {fault}." : null;
    }

    // Null: it is kept. The place is taken before it is counted, so that many at once do not get over the bound.
    private async ValueTask<KeyResult?> KeepAsync(KeyRecord key, CancellationToken cancellationToken)
    {
        var result = await _keys.ReserveAsync(key, cancellationToken);
        if (result == RecordResult.Stored)
        {
            var fault = await FindLimitAsync(key.Account, cancellationToken);
            if (fault is null) result = await _keys.PutAsync(key, cancellationToken);
            if (fault is null && result == RecordResult.Stored) return null;

            await _keys.RemoveAsync(key, cancellationToken);
            if (fault is not null) return Refuse(AccountFaultCode.TooMany, fault);
        }

        return result == RecordResult.TooLong
            ? Refuse(AccountFaultCode.Invalid, "The key's permissions are too long to be kept (Records:MaximumRecordSize).")
            : Refuse(AccountFaultCode.TooMany, "The store has no room for further records (Records:MaximumRecords).");
    }

    private async ValueTask<string?> FindLimitAsync(string account, CancellationToken cancellationToken)
    {
        if (await _keys.CountAsync(account, cancellationToken) > _options.MaximumPerAccount)
            return $"An account can have {_options.MaximumPerAccount} keys at most (Keys:MaximumPerAccount); revoke one first.";
        return await _keys.CountAsync(cancellationToken) > _options.Maximum
            ? $"There can be {_options.Maximum} keys at most (Keys:Maximum)." : null;
    }
}
