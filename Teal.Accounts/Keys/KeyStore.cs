using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Teal.Accounts.Directory;
using Teal.Core.Configuration;
using Teal.Core.Hosting;
using Teal.Core.Records;

namespace Teal.Accounts.Keys;

/// <summary>
/// The keys among the records. A key is found by its id, in the collection <c>key</c>; the collection <c>account-key</c> has a name
/// <c>ACCOUNT/ID</c> for each, by which an account's keys are found. A name without a key means nothing; a key without a name there is not.
/// </summary>
internal sealed partial class KeyStore
{
    private const string Keys = "key", Names = "account-key";

    private readonly IRecordStore _records;
    private readonly Live<AccountOptions> _live;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly RecentRecords<KeyRecord> _recent;
    private readonly RepeatedMessage _away;

    public KeyStore(IRecordStore records, Live<AccountOptions> live, TimeProvider clock, ILogger<KeyStore> logger)
    {
        (_records, _live, _clock, _logger) = (records, live, clock, logger);
        _recent = new(records, Keys, Read, () => live.Now.Recent, TellAway, clock);
        _away = new(logger, LogLevel.Warning, "Keys that are known were let in while the store was away", clock);
    }

    /// <summary>
    /// The key with that id, as logins need it: up to a second old, and good for a while where the store is away. Null: there is none, or
    /// it is over.
    /// </summary>
    public async ValueTask<KeyRecord?> FindAsync(string id, CancellationToken cancellationToken)
    {
        var found = await _recent.FindAsync(id, cancellationToken);
        return found?.ExpiresAt <= _clock.GetUtcNow().UtcDateTime ? null : found;
    }

    /// <summary>The key with that id as it is now; null: there is none, or it is over.</summary>
    public async ValueTask<KeyRecord?> ReadAsync(string id, CancellationToken cancellationToken) =>
        await _records.FindAsync(Keys, id, cancellationToken) is { } found ? Read(found) : null;

    /// <summary>The keys of an account as they are now.</summary>
    public async IAsyncEnumerable<KeyRecord> ListAsync(string account, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var name in _records.ListAsync(Names, Prefix(account), cancellationToken))
        {
            if (await ReadAsync(name.Key[Prefix(account).Length..], cancellationToken) is { } key) yield return key;
        }
    }

    /// <summary>How many keys an account has. Some that are over, or are about to be made, may be among them.</summary>
    public ValueTask<int> CountAsync(string account, CancellationToken cancellationToken) =>
        _records.CountAsync(Names, Prefix(account), cancellationToken);

    /// <summary>How many keys there are. Some that are over, or are about to be made, may be among them.</summary>
    public ValueTask<int> CountAsync(CancellationToken cancellationToken) => _records.CountAsync(Names, "", cancellationToken);

    /// <summary>Takes the place of a key that is about to be made.</summary>
    public ValueTask<RecordResult> ReserveAsync(KeyRecord key, CancellationToken cancellationToken) =>
        _records.PutAsync(Names, Prefix(key.Account) + key.Id, default, key.ExpiresAt, null, cancellationToken);

    /// <summary>Keeps a key whose place is taken, or when one was used; not where it was used or revoked elsewhere meanwhile.</summary>
    public async ValueTask<RecordResult> PutAsync(KeyRecord key, CancellationToken cancellationToken)
    {
        var value = JsonSerializer.SerializeToUtf8Bytes(key, KeyJson.Default.KeyRecord);
        var result = await _records.PutAsync(Keys, key.Id, value, key.ExpiresAt, key.Version, cancellationToken);
        _recent.ReadAgain(key.Id);
        return result;
    }

    /// <summary>Forgets a key; false: there was none.</summary>
    public async ValueTask<bool> RemoveAsync(KeyRecord key, CancellationToken cancellationToken)
    {
        // The key first: what is left where the second fails is a name that means nothing.
        var wasThere = await _records.DeleteAsync(Keys, key.Id, cancellationToken);
        _recent.Forget(key.Id);
        await _records.DeleteAsync(Names, Prefix(key.Account) + key.Id, cancellationToken);
        return wasThere;
    }

    // No account's name has a slash.
    private static string Prefix(string account) => $"{account}/";

    private static KeyRecord Read(StoredRecord record) =>
        JsonSerializer.Deserialize(record.Value.Span, KeyJson.Default.KeyRecord)! with { Id = record.Key, Version = record.Version };

    private void TellAway(Exception exception)
    {
        var fault = StoreException.Describe(exception);
        if (_away.IsNew(fault)) Log.Away(_logger, fault, _live.Now.OfflineGrace.TotalSeconds);
    }

    private static partial class Log
    {
        [LoggerMessage(
            9042, LogLevel.Warning, "The store cannot be asked for keys ({Fault}); those that are known stay good for {Seconds} s")]
        public static partial void Away(ILogger logger, string fault, double seconds);
    }
}
