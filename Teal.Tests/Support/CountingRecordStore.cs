using Teal.Core.Records;

namespace Teal.Tests.Support;

/// <summary>A record store that counts what it is asked, and that can be away.</summary>
internal sealed class CountingRecordStore(IRecordStore store) : IRecordStore
{
    private int _asked;
    private int _written;

    /// <summary>How often it was asked for anything.</summary>
    public int Asked => Volatile.Read(ref _asked);

    /// <summary>How often it was to change anything.</summary>
    public int Written => Volatile.Read(ref _written);

    /// <summary>Whether it cannot be reached.</summary>
    public bool IsAway { get; set; }

    public ValueTask<StoredRecord?> FindAsync(string collection, string key, CancellationToken cancellationToken) =>
        Ask().FindAsync(collection, key, cancellationToken);

    public ValueTask<RecordResult> PutAsync(
        string collection, string key, ReadOnlyMemory<byte> value, DateTime? expiresAt, long? expectedVersion,
        CancellationToken cancellationToken) =>
        Write().PutAsync(collection, key, value, expiresAt, expectedVersion, cancellationToken);

    public ValueTask<StoredRecord?> TakeAsync(string collection, string key, CancellationToken cancellationToken) =>
        Write().TakeAsync(collection, key, cancellationToken);

    public ValueTask<bool> DeleteAsync(string collection, string key, CancellationToken cancellationToken) =>
        Write().DeleteAsync(collection, key, cancellationToken);

    public IAsyncEnumerable<StoredRecord> ListAsync(string collection, string prefix, CancellationToken cancellationToken) =>
        Ask().ListAsync(collection, prefix, cancellationToken);

    public ValueTask<int> CountAsync(string collection, string prefix, CancellationToken cancellationToken) =>
        Ask().CountAsync(collection, prefix, cancellationToken);

    private IRecordStore Ask()
    {
        Interlocked.Increment(ref _asked);
        return IsAway ? throw new IOException("The store is away.") : store;
    }

    private IRecordStore Write()
    {
        Interlocked.Increment(ref _written);
        return Ask();
    }
}
