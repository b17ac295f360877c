using Microsoft.Extensions.Logging;
using Teal.Accounts.Bounds;
using Teal.Core.Configuration;
using Teal.Core.Hosting;
using Teal.Core.Records;

namespace Teal.Accounts.Directory;

/// <summary>
/// The accounts of the store as logins need them. What was read counts for a second, so that a change is seen everywhere after that at
/// most, and a thousand who come at once read once. While the store is away, accounts that were read lately go on to count.
/// </summary>
internal sealed partial class StoredAccounts(
    IRecordStore store, Live<AccountOptions> live, TimeProvider clock, ILogger<StoredAccounts> logger)
{
    private static readonly TimeSpan Age = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly AgeTable<string, Entry> _entries = new();
    private readonly RepeatedMessage _away =
        new(logger, LogLevel.Warning, "Accounts that are known were let in while the store was away", clock);

    // Immutable, so that it needs no lock.
    private Population? _any;

    /// <summary>The account with that name, enabled or not; null: there is none. Throws where it is not known and cannot be read.</summary>
    public async ValueTask<Account?> FindAsync(string name, CancellationToken cancellationToken)
    {
        Task<Account?> reading;
        lock (_lock)
        {
            if (!_entries.TryFind(name, out var entry)) entry = new Entry();
            if (Counts(entry)) return entry.Account;

            // The newest, as somebody asks for it.
            _entries.Put(name, entry, live.Now.MaximumCached);
            reading = entry.Reading ??= Task.Run(() => LookAsync(name, entry), CancellationToken.None);
        }

        return await reading.WaitAsync(cancellationToken);
    }

    /// <summary>Whether there is any account. While the store is away it is as it was.</summary>
    public async ValueTask<bool> AnyAsync(CancellationToken cancellationToken)
    {
        var known = _any;
        if (known is not null && clock.GetElapsedTime(known.ReadAt) < Age) return known.IsAny;

        var readAt = clock.GetTimestamp();
        try
        {
            known = new Population(await store.CountAsync(AccountRecord.Collection, "", cancellationToken) > 0, readAt);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            known = new Population(known?.IsAny ?? false, readAt);
        }

        _any = known;
        return known.IsAny;
    }

    /// <summary>All accounts as they are now, in no order that means anything.</summary>
    public IAsyncEnumerable<Account> ListAsync(CancellationToken cancellationToken) =>
        store.ListAsync(AccountRecord.Collection, "", cancellationToken).Select(AccountRecord.Read);

    /// <summary>An account as it is now; null: there is none.</summary>
    public async ValueTask<Account?> ReadAsync(string name, CancellationToken cancellationToken) =>
        await store.FindAsync(AccountRecord.Collection, name, cancellationToken) is { } record ? AccountRecord.Read(record) : null;

    /// <summary>Puts an account there, in the place of that version; 0: of none.</summary>
    public async ValueTask<RecordResult> PutAsync(Account account, long expectedVersion, CancellationToken cancellationToken)
    {
        var value = AccountRecord.Write(account);
        var result = await store.PutAsync(AccountRecord.Collection, account.Name, value, null, expectedVersion, cancellationToken);
        Forget(account.Name);
        return result;
    }

    /// <summary>Removes an account; null: there was none.</summary>
    public async ValueTask<Account?> TakeAsync(string name, CancellationToken cancellationToken)
    {
        var taken = await store.TakeAsync(AccountRecord.Collection, name, cancellationToken);
        Forget(name);
        return taken is null ? null : AccountRecord.Read(taken);
    }

    // It was changed here: whoever asks from now on gets what is in the store now.
    private void Forget(string name)
    {
        lock (_lock)
        {
            _entries.Remove(name);
            _any = null;
        }
    }

    private bool Counts(Entry entry)
    {
        if (entry.ReadAt is not { } readAt) return false;
        if (clock.GetElapsedTime(readAt) < Age) return true;

        // It is not asked for each login while it is away.
        return entry.FailedAt is { } failedAt && clock.GetElapsedTime(failedAt) < Age && IsGood(entry, readAt);
    }

    private bool IsGood(Entry entry, long readAt) => entry.Account is not null && clock.GetElapsedTime(readAt) <= live.Now.OfflineGrace;

    private async Task<Account?> LookAsync(string name, Entry entry)
    {
        var begun = clock.GetTimestamp();
        try
        {
            var record = await store.FindAsync(AccountRecord.Collection, name, CancellationToken.None);
            lock (_lock)
            {
                (entry.Reading, entry.ReadAt, entry.FailedAt) = (null, begun, null);
                if (record?.Version != entry.Account?.Version) entry.Account = record is null ? null : AccountRecord.Read(record);
                return entry.Account;
            }
        }
        catch (Exception exception)
        {
            lock (_lock)
            {
                (entry.Reading, entry.FailedAt) = (null, clock.GetTimestamp());
                if (entry.ReadAt is not { } readAt || !IsGood(entry, readAt)) throw;
            }

            var fault = StoreException.Describe(exception);
            if (_away.IsNew(fault)) Log.Away(logger, fault, live.Now.OfflineGrace.TotalSeconds);
            return entry.Account;
        }
    }

    /// <summary>Whether there was any account.</summary>
    private sealed record Population(bool IsAny, long ReadAt);

    /// <summary>What is known of a name.</summary>
    private sealed class Entry
    {
        /// <summary>Null: there was none.</summary>
        public Account? Account { get; set; }

        /// <summary>When the reading began that brought it; null: it was not read yet.</summary>
        public long? ReadAt { get; set; }

        /// <summary>When it could not be read; null: it could, the last time.</summary>
        public long? FailedAt { get; set; }

        /// <summary>The reading that is under way; null: none is.</summary>
        public Task<Account?>? Reading { get; set; }
    }

    private static partial class Log
    {
        [LoggerMessage(
            9002, LogLevel.Warning, "The store cannot be asked for accounts ({Fault}); those that are known stay good for {Seconds} s")]
        public static partial void Away(ILogger logger, string fault, double seconds);
    }
}
