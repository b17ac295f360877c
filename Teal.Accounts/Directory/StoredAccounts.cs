using Microsoft.Extensions.Logging;
using Teal.Core.Configuration;
using Teal.Core.Hosting;
using Teal.Core.Records;

namespace Teal.Accounts.Directory;

/// <summary>
/// The accounts of the store, as they are, and as logins need them: up to a second old, and good for a while when it is away.
/// </summary>
internal sealed partial class StoredAccounts
{
    // Names that teams have, or had: what is kept of a team outlives its accounts.
    private const string Teams = "team";

    private readonly IRecordStore _store;
    private readonly Live<AccountOptions> _live;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly RecentRecords<Account> _recent;
    private readonly RecentRecords<string> _teams;
    private readonly RepeatedMessage _away;

    // Immutable, so that it needs no lock.
    private Population? _any;

    private bool _areTeamsNoted;
    private bool _isEndTold;

    public StoredAccounts(IRecordStore store, Live<AccountOptions> live, TimeProvider clock, ILogger<StoredAccounts> logger)
    {
        (_store, _live, _clock, _logger) = (store, live, clock, logger);
        _recent = new(store, AccountRecord.Collection, AccountRecord.Read, () => live.Now.Recent, TellAway, clock);
        _teams = new(store, Teams, static record => record.Key, () => live.Now.Recent, TellAway, clock);
        _away = new(logger, LogLevel.Warning, "Accounts that are known were let in while the store was away", clock);
    }

    /// <summary>The account with that name, enabled or not; null: there is none. Throws where it is not known and cannot be read.</summary>
    public ValueTask<Account?> FindAsync(string name, CancellationToken cancellationToken) => _recent.FindAsync(name, cancellationToken);

    /// <summary>Whether an account has or had a team of that name. Throws where it is not known and cannot be read.</summary>
    public async ValueTask<bool> IsTeamAsync(string name, CancellationToken cancellationToken)
    {
        // Once, for accounts that were stored before teams were noted.
        if (!Volatile.Read(ref _areTeamsNoted))
        {
            await foreach (var account in ListAsync(cancellationToken)) await NoteTeamAsync(account.Team, cancellationToken);
            Volatile.Write(ref _areTeamsNoted, true);
        }

        return await _teams.FindAsync(name, cancellationToken) is not null;
    }

    /// <summary>
    /// Whether there is any account, which ends <c>anonymous</c> where its password was made. While the store is away it is as it was.
    /// </summary>
    public async ValueTask<bool> AnyAsync(CancellationToken cancellationToken)
    {
        var known = _any;
        if (known is not null && _clock.GetElapsedTime(known.ReadAt) < RecentRecords<Account>.Age) return known.IsAny;

        var readAt = _clock.GetTimestamp();
        try
        {
            known = new Population(await _store.CountAsync(AccountRecord.Collection, "", cancellationToken) > 0, readAt);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            known = new Population(known?.IsAny ?? false, readAt);
        }

        _any = known;
        if (known.IsAny && !Interlocked.Exchange(ref _isEndTold, true)) Log.AnonymousIsOver(_logger);
        return known.IsAny;
    }

    /// <summary>All accounts as they are now, in no order that means anything.</summary>
    public IAsyncEnumerable<Account> ListAsync(CancellationToken cancellationToken) =>
        _store.ListAsync(AccountRecord.Collection, "", cancellationToken).Select(AccountRecord.Read);

    /// <summary>An account as it is now; null: there is none.</summary>
    public async ValueTask<Account?> ReadAsync(string name, CancellationToken cancellationToken) =>
        await _store.FindAsync(AccountRecord.Collection, name, cancellationToken) is { } record ? AccountRecord.Read(record) : null;

    /// <summary>Puts an account there, in the place of that version; 0: of none.</summary>
    public async ValueTask<RecordResult> PutAsync(Account account, long expectedVersion, CancellationToken cancellationToken)
    {
        if (await NoteTeamAsync(account.Team, cancellationToken) is var noted and not RecordResult.Stored) return noted;

        var value = AccountRecord.Write(account);
        var result = await _store.PutAsync(AccountRecord.Collection, account.Name, value, null, expectedVersion, cancellationToken);
        Forget(account.Name);
        return result;
    }

    /// <summary>Removes an account; null: there was none.</summary>
    public async ValueTask<Account?> TakeAsync(string name, CancellationToken cancellationToken)
    {
        var taken = await _store.TakeAsync(AccountRecord.Collection, name, cancellationToken);
        Forget(name);
        return taken is null ? null : AccountRecord.Read(taken);
    }

    private async ValueTask<RecordResult> NoteTeamAsync(string team, CancellationToken cancellationToken) =>
        await _store.FindAsync(Teams, team, cancellationToken) is not null
            ? RecordResult.Stored : await _store.PutAsync(Teams, team, default, null, null, cancellationToken);

    // It was changed here: whoever asks from now on gets what is in the store now.
    private void Forget(string name)
    {
        _recent.Forget(name);
        _any = null;
    }

    private void TellAway(Exception exception)
    {
        var fault = StoreException.Describe(exception);
        if (_away.IsNew(fault)) Log.Away(_logger, fault, _live.Now.OfflineGrace.TotalSeconds);
    }

    /// <summary>Whether there was any account.</summary>
    private sealed record Population(bool IsAny, long ReadAt);

    private static partial class Log
    {
        [LoggerMessage(
            9002, LogLevel.Warning, "The store cannot be asked for accounts ({Fault}); those that are known stay good for {Seconds} s")]
        public static partial void Away(ILogger logger, string fault, double seconds);

        [LoggerMessage(
            9005, LogLevel.Warning,
            "There are accounts in the store, and so the password that was made for anonymous at the start does not count any more")]
        public static partial void AnonymousIsOver(ILogger logger);
    }
}
