namespace Teal.Core.Records;

/// <summary>
/// Keeps small things that have a name, and may have an end: accounts, keys, tickets. A record that was put is found by every later call,
/// in any process on the same store, until it ends or is deleted. Members throw when the store cannot be reached; any thread may call them.
/// </summary>
public interface IRecordStore
{
    /// <summary>The record; null: there is none, or it has ended.</summary>
    ValueTask<StoredRecord?> FindAsync(string collection, string key, CancellationToken cancellationToken);

    /// <summary>Stores a record, or replaces it. Of two calls at the same time that expect the same version one wins.</summary>
    /// <param name="collection">What kind of thing it is.</param>
    /// <param name="key">Its name there.</param>
    /// <param name="value">What it holds.</param>
    /// <param name="expiresAt">When it ends, UTC; null: it has no end.</param>
    /// <param name="expectedVersion">The version that has to be there; 0: there may be none; null: it does not matter.</param>
    /// <param name="cancellationToken">Ends the waiting; whether it was stored is unknown then.</param>
    ValueTask<RecordResult> PutAsync(
        string collection, string key, ReadOnlyMemory<byte> value, DateTime? expiresAt, long? expectedVersion,
        CancellationToken cancellationToken);

    /// <summary>The record, which is deleted with that; null: there is none. Of many calls at the same time one gets it.</summary>
    ValueTask<StoredRecord?> TakeAsync(string collection, string key, CancellationToken cancellationToken);

    /// <summary>Deletes a record; false: there was none.</summary>
    ValueTask<bool> DeleteAsync(string collection, string key, CancellationToken cancellationToken);

    /// <summary>
    /// The records of a collection whose keys begin with a prefix, in no order that means anything. Those that are put or deleted meanwhile
    /// may be among them or not; each of the others is there once.
    /// </summary>
    IAsyncEnumerable<StoredRecord> ListAsync(string collection, string prefix, CancellationToken cancellationToken);

    /// <summary>How many they are. Some that have ended a moment ago may be counted.</summary>
    ValueTask<int> CountAsync(string collection, string prefix, CancellationToken cancellationToken);
}
