using System.Text;
using Microsoft.Data.Sqlite;
using Teal.Core.Hosting;
using Teal.Core.Records;
using Teal.Core.Wire;
using Teal.Sqlite.Database;
using Teal.Sqlite.Writing;

namespace Teal.Sqlite.Records;

/// <summary>
/// Records in the embedded database. All are in memory as well, so that a lookup never waits for the disk; a record is found once it is
/// durable. What happens to a record is decided on the writer's thread, in its transaction.
/// </summary>
public sealed class SqliteRecordStore : IRecordStore, IExpirySweep
{
    private const int SweepStep = 500;

    private readonly SqliteWriter _writer;
    private readonly RecordOptions _options;
    private readonly TimeProvider _clock;
    private readonly MemoryRecordStore _records;
    private SqliteCommand? _find;
    private SqliteCommand? _put;
    private SqliteCommand? _delete;
    private long _lastVersion;

    /// <summary>Reads all records into memory.</summary>
    public SqliteRecordStore(SqliteDatabase database, SqliteWriter writer, RecordOptions options, TimeProvider clock)
    {
        _writer = writer;
        _options = options;
        _clock = clock;
        _records = new MemoryRecordStore(options, clock);
        try
        {
            Load(database);
        }
        catch (SqliteException exception)
        {
            throw new SqliteStoreException(database.Explain(exception), exception);
        }
    }

    private long Now => UnixInstant.MicrosecondsUp(_clock.GetUtcNow().UtcDateTime);

    /// <inheritdoc/>
    public ValueTask<StoredRecord?> FindAsync(string collection, string key, CancellationToken cancellationToken) =>
        _records.FindAsync(collection, key, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<RecordResult> PutAsync(
        string collection, string key, ReadOnlyMemory<byte> value, DateTime? expiresAt, long? expectedVersion,
        CancellationToken cancellationToken)
    {
        if (value.Length > _options.MaximumRecordSize) return RecordResult.TooLong;

        // Written later, when whoever puts it may use its memory for something else.
        var copy = value.ToArray();
        var (result, record) = (RecordResult.Stored, (StoredRecord?)null);
        await _writer.WriteAsync(
            connection => (result, record) = Put(connection, collection, new StoredRecord(key, copy, 0, expiresAt), expectedVersion),
            () =>
            {
                if (record is not null) _records.Set(collection, record);
            }).WaitAsync(cancellationToken);
        return result;
    }

    /// <inheritdoc/>
    public async ValueTask<StoredRecord?> TakeAsync(string collection, string key, CancellationToken cancellationToken)
    {
        StoredRecord? taken = null;
        await _writer.WriteAsync(
            connection =>
            {
                taken = Find(connection, collection, key);
                Delete(connection, collection, key);
            },
            () => _records.Remove(collection, key)).WaitAsync(cancellationToken);
        return taken;
    }

    /// <inheritdoc/>
    public async ValueTask<bool> DeleteAsync(string collection, string key, CancellationToken cancellationToken) =>
        await TakeAsync(collection, key, cancellationToken) is not null;

    /// <inheritdoc/>
    public IAsyncEnumerable<StoredRecord> ListAsync(string collection, string prefix, CancellationToken cancellationToken) =>
        _records.ListAsync(collection, prefix, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<int> CountAsync(string collection, string prefix, CancellationToken cancellationToken) =>
        _records.CountAsync(collection, prefix, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<int> SweepAsync(CancellationToken cancellationToken)
    {
        await _records.SweepAsync(cancellationToken);
        var (now, total, swept) = (Now, 0, SweepStep);
        for (; swept == SweepStep; total += swept)
            await _writer.WriteAsync(connection => swept = Sweep(connection, now)).WaitAsync(cancellationToken);
        return total;
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static DateTime? ToInstant(SqliteDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : DateTime.UnixEpoch.AddMicroseconds(reader.GetInt64(column));

    private static int Sweep(SqliteConnection connection, long now)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"""
            DELETE FROM records WHERE (collection, key) IN (SELECT collection, key FROM records WHERE expires_at <= $now LIMIT {SweepStep})
            """;
        command.Parameters.AddWithValue("$now", now);
        return command.ExecuteNonQuery();
    }

    // Ended ones as well: by a clock that is wrong they all may be.
    private void Load(SqliteDatabase database)
    {
        using var connection = database.Connect();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT collection, key, value, version, expires_at FROM records";
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            var record = new StoredRecord(
                Encoding.UTF8.GetString(reader.GetFieldValue<byte[]>(1)), reader.GetFieldValue<byte[]>(2), reader.GetInt64(3),
                ToInstant(reader, 4));
            _records.Set(Encoding.UTF8.GetString(reader.GetFieldValue<byte[]>(0)), record);
            _lastVersion = Math.Max(_lastVersion, record.Version);
        }
    }

    private (RecordResult Result, StoredRecord? Record) Put(
        SqliteConnection connection, string collection, StoredRecord record, long? expectedVersion)
    {
        var found = Find(connection, collection, record.Key);
        if (expectedVersion is { } expected && (found?.Version ?? 0) != expected) return (RecordResult.Conflict, null);
        if (found is null && _records.Count >= _options.MaximumRecords) return (RecordResult.Full, null);

        // By the clock, so that it is higher than that of one which was deleted before the start.
        _lastVersion = Math.Max(_lastVersion + 1, Now);
        _put ??= SqliteCommands.Prepare(
            connection, "INSERT OR REPLACE INTO records (collection, key, value, version, expires_at) VALUES ($1, $2, $3, $4, $5)", 5);
        _put.Parameters[0].Value = Bytes(collection);
        _put.Parameters[1].Value = Bytes(record.Key);
        _put.Parameters[2].Value = record.Value.ToArray();
        _put.Parameters[3].Value = _lastVersion;
        _put.Parameters[4].Value = record.ExpiresAt is { } end ? UnixInstant.MicrosecondsUp(end) : DBNull.Value;
        _put.ExecuteNonQuery();
        return (RecordResult.Stored, record with { Version = _lastVersion });
    }

    private StoredRecord? Find(SqliteConnection connection, string collection, string key)
    {
        _find ??= SqliteCommands.Prepare(
            connection, "SELECT value, version, expires_at FROM records WHERE collection = $1 AND key = $2", 2);
        _find.Parameters[0].Value = Bytes(collection);
        _find.Parameters[1].Value = Bytes(key);
        using var reader = _find.ExecuteReader();
        if (!reader.Read()) return null;

        var found = new StoredRecord(key, reader.GetFieldValue<byte[]>(0), reader.GetInt64(1), ToInstant(reader, 2));
        return found.IsExpired(_clock.GetUtcNow()) ? null : found;
    }

    private void Delete(SqliteConnection connection, string collection, string key)
    {
        _delete ??= SqliteCommands.Prepare(connection, "DELETE FROM records WHERE collection = $1 AND key = $2", 2);
        _delete.Parameters[0].Value = Bytes(collection);
        _delete.Parameters[1].Value = Bytes(key);
        _delete.ExecuteNonQuery();
    }
}
