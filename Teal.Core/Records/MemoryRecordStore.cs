using Teal.Core.Hosting;

namespace Teal.Core.Records;

/// <summary>Records in memory: found without waiting, gone with the process.</summary>
public sealed class MemoryRecordStore(RecordOptions options, TimeProvider clock) : IRecordStore, IExpirySweep
{
    private const int SweepStep = 500;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, SortedSet<StoredRecord>> _collections = new(StringComparer.Ordinal);
    private readonly SortedSet<Ending> _endings = [];
    private long _lastVersion;
    private int _count;

    /// <summary>How many records there are, ended ones that were not swept included.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <inheritdoc/>
    public ValueTask<StoredRecord?> FindAsync(string collection, string key, CancellationToken cancellationToken)
    {
        lock (_lock) return ValueTask.FromResult(FindLive(collection, key));
    }

    /// <inheritdoc/>
    public ValueTask<RecordResult> PutAsync(
        string collection, string key, ReadOnlyMemory<byte> value, DateTime? expiresAt, long? expectedVersion,
        CancellationToken cancellationToken)
    {
        if (value.Length > options.MaximumRecordSize) return ValueTask.FromResult(RecordResult.TooLong);

        // Whoever puts it may go on to use its memory.
        var copy = value.ToArray();
        lock (_lock)
        {
            var found = FindLive(collection, key);
            if (expectedVersion is { } expected && (found?.Version ?? 0) != expected) return ValueTask.FromResult(RecordResult.Conflict);
            if (found is null && _count >= options.MaximumRecords) return ValueTask.FromResult(RecordResult.Full);

            Set(collection, new StoredRecord(key, copy, ++_lastVersion, expiresAt));
            return ValueTask.FromResult(RecordResult.Stored);
        }
    }

    /// <inheritdoc/>
    public ValueTask<StoredRecord?> TakeAsync(string collection, string key, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var found = FindLive(collection, key);
            Remove(collection, key);
            return ValueTask.FromResult(found);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<bool> DeleteAsync(string collection, string key, CancellationToken cancellationToken) =>
        await TakeAsync(collection, key, cancellationToken) is not null;

    /// <inheritdoc/>
    public IAsyncEnumerable<StoredRecord> ListAsync(string collection, string prefix, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var now = clock.GetUtcNow();
            StoredRecord[] found = [.. AllOf(collection, prefix).Where(record => !record.IsExpired(now))];
            return found.ToAsyncEnumerable();
        }
    }

    /// <inheritdoc/>
    public ValueTask<int> CountAsync(string collection, string prefix, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var count = prefix.Length > 0 ? AllOf(collection, prefix).Count() : _collections.GetValueOrDefault(collection)?.Count ?? 0;
            return ValueTask.FromResult(count);
        }
    }

    /// <inheritdoc/>
    public ValueTask<int> SweepAsync(CancellationToken cancellationToken)
    {
        var (total, swept) = (0, SweepStep);
        for (; swept == SweepStep; total += swept)
        {
            cancellationToken.ThrowIfCancellationRequested();
            swept = Sweep();
        }

        return ValueTask.FromResult(total);
    }

    /// <summary>Puts a record that has its version already, whatever is there.</summary>
    public void Set(string collection, StoredRecord record)
    {
        lock (_lock)
        {
            Remove(collection, record.Key);
            if (!_collections.TryGetValue(collection, out var records))
                _collections.Add(collection, records = new SortedSet<StoredRecord>(KeyOrder.Instance));
            records.Add(record);
            if (record.ExpiresAt is { } end) _endings.Add(new Ending(end, collection, record.Key));
            _count++;
        }
    }

    /// <summary>Removes a record, ended or not.</summary>
    public void Remove(string collection, string key)
    {
        lock (_lock)
        {
            if (Find(collection, key) is not { } found) return;

            var records = _collections[collection];
            records.Remove(found);
            if (records.Count == 0) _collections.Remove(collection);
            if (found.ExpiresAt is { } end) _endings.Remove(new Ending(end, collection, key));
            _count--;
        }
    }

    private static StoredRecord Named(string key) => new(key, default, 0, null);

    // Those that have ended and were not swept as well.
    private IEnumerable<StoredRecord> AllOf(string collection, string prefix)
    {
        var first = Named(prefix);
        return _collections.TryGetValue(collection, out var records) && records.Max is { } last
            && records.Comparer.Compare(first, last) <= 0
            ? records.GetViewBetween(first, last).TakeWhile(record => record.Key.StartsWith(prefix, StringComparison.Ordinal)) : [];
    }

    private StoredRecord? Find(string collection, string key) =>
        _collections.TryGetValue(collection, out var records) && records.TryGetValue(Named(key), out var found) ? found : null;

    private StoredRecord? FindLive(string collection, string key) =>
        Find(collection, key) is { } found && !found.IsExpired(clock.GetUtcNow()) ? found : null;

    private int Sweep()
    {
        lock (_lock)
        {
            var now = clock.GetUtcNow().UtcDateTime;
            var ended = _endings.TakeWhile(ending => ending.At <= now).Take(SweepStep).ToArray();
            foreach (var ending in ended) Remove(ending.Collection, ending.Key);
            return ended.Length;
        }
    }

    private sealed class KeyOrder : IComparer<StoredRecord>
    {
        public static KeyOrder Instance { get; } = new();

        public int Compare(StoredRecord? one, StoredRecord? other) => string.CompareOrdinal(one?.Key, other?.Key);
    }

    /// <summary>When a record ends.</summary>
    private readonly record struct Ending(DateTime At, string Collection, string Key) : IComparable<Ending>
    {
        public int CompareTo(Ending other)
        {
            var order = At.CompareTo(other.At);
            if (order == 0) order = string.CompareOrdinal(Collection, other.Collection);
            return order != 0 ? order : string.CompareOrdinal(Key, other.Key);
        }
    }
}
