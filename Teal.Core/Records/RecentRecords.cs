using Teal.Core.Bounds;

namespace Teal.Core.Records;

/// <summary>
/// The records of a collection for those who ask often, as logins and webhooks do. What was read counts for a second, so that a change is
/// seen everywhere after that at most, and a thousand who come at once read once. While the store is away, what was read lately goes on to
/// count.
/// </summary>
/// <param name="store">The store.</param>
/// <param name="collection">The collection.</param>
/// <param name="read">Reads a record.</param>
/// <param name="bounds">How many are remembered, and how long they count while the store is away.</param>
/// <param name="tellAway">Told each time that something counts for that alone.</param>
/// <param name="clock">The clock.</param>
/// <typeparam name="T">What a record holds.</typeparam>
public sealed class RecentRecords<T>(
    IRecordStore store, string collection, Func<StoredRecord, T> read, Func<RecentBounds> bounds, Action<Exception> tellAway,
    TimeProvider clock)
    where T : class
{
    /// <summary>How long what was read counts.</summary>
    public static readonly TimeSpan Age = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly AgeTable<string, Entry> _entries = new();

    /// <summary>
    /// The record with that key, the same object as long as it has the same version; null: there is none. Throws where it is not known and
    /// cannot be read.
    /// </summary>
    public async ValueTask<T?> FindAsync(string key, CancellationToken cancellationToken)
    {
        Task<T?> reading;
        lock (_lock)
        {
            if (!_entries.TryFind(key, out var entry)) entry = new Entry();
            if (Counts(entry)) return entry.Value;

            // The newest, as somebody asks for it.
            _entries.Put(key, entry, bounds().Most);
            reading = entry.Reading ??= Task.Run(() => ReadAsync(key, entry), CancellationToken.None);
        }

        return await reading.WaitAsync(cancellationToken);
    }

    /// <summary>It was changed here: whoever asks from now on gets what is in the store now.</summary>
    public void Forget(string key)
    {
        lock (_lock) _entries.Remove(key);
    }

    /// <summary>The same for a change that logins do not depend on: while the store is away, it goes on to count.</summary>
    public void ReadAgain(string key)
    {
        lock (_lock)
        {
            if (_entries.TryFind(key, out var entry)) entry.IsOld = true;
        }
    }

    private bool Counts(Entry entry)
    {
        if (entry.Value is null || entry.IsOld) return false;
        if (clock.GetElapsedTime(entry.ReadAt) < Age) return true;

        // It is not asked for each login while it is away.
        return entry.FailedAt is { } failedAt && clock.GetElapsedTime(failedAt) < Age && IsGood(entry);
    }

    private bool IsGood(Entry entry) => entry.Value is not null && clock.GetElapsedTime(entry.ReadAt) <= bounds().Grace;

    private async Task<T?> ReadAsync(string key, Entry entry)
    {
        var begun = clock.GetTimestamp();
        try
        {
            var record = await store.FindAsync(collection, key, CancellationToken.None);
            lock (_lock)
            {
                (entry.Reading, entry.ReadAt, entry.FailedAt, entry.IsOld) = (null, begun, null, false);
                if (record is null || record.Version != entry.Version) entry.Value = record is null ? null : read(record);
                entry.Version = record?.Version ?? 0;

                // What is not there takes nobody's room.
                if (record is null && _entries.TryFind(key, out var known) && known == entry) _entries.Remove(key);
                return entry.Value;
            }
        }
        catch (Exception exception)
        {
            lock (_lock)
            {
                (entry.Reading, entry.FailedAt, entry.IsOld) = (null, clock.GetTimestamp(), false);
                if (!IsGood(entry)) throw;
            }

            tellAway(exception);
            return entry.Value;
        }
    }

    /// <summary>What is known of a key.</summary>
    private sealed class Entry
    {
        /// <summary>What the record holds; null: it was not read yet, or there was none.</summary>
        public T? Value { get; set; }

        /// <summary>The version of that.</summary>
        public long Version { get; set; }

        /// <summary>When the reading began that brought it.</summary>
        public long ReadAt { get; set; }

        /// <summary>Whether it is to be read again, however young it is.</summary>
        public bool IsOld { get; set; }

        /// <summary>When it could not be read; null: it could, the last time.</summary>
        public long? FailedAt { get; set; }

        /// <summary>The reading that is under way; null: none is.</summary>
        public Task<T?>? Reading { get; set; }
    }
}
