using System.Text;
using Microsoft.Data.Sqlite;
using Teal.Core.Hosting;
using Teal.Core.States;
using Teal.Core.Wire;
using Teal.Sqlite.Database;
using Teal.Sqlite.Writing;

namespace Teal.Sqlite.States;

/// <summary>
/// Callback states in the embedded database. All live states are in memory as well, so that a lookup never waits for the disk; a
/// state is found once it is durable, and not before.
/// </summary>
public sealed class SqliteCallbackStateStore : ICallbackStateStore, IExpirySweep, IDependencyProbe
{
    private const int SweepStep = 500;

    private readonly SqliteDatabase _database;
    private readonly SqliteWriter _writer;
    private readonly TimeProvider _clock;
    private readonly MemoryCallbackStateStore _states;
    private SqliteCommand? _put;
    private SqliteCommand? _delete;

    /// <summary>Reads all live states into memory.</summary>
    public SqliteCallbackStateStore(SqliteDatabase database, SqliteWriter writer, CallbackStateOptions options, TimeProvider clock)
    {
        _database = database;
        _writer = writer;
        _clock = clock;
        _states = new MemoryCallbackStateStore(options, clock);
        try
        {
            Load();
        }
        catch (SqliteException exception)
        {
            throw new SqliteStoreException(database.Explain(exception), exception);
        }
    }

    /// <inheritdoc/>
    public string Name => IDependencyProbe.Store;

    /// <summary>How many states it holds, expired ones that were not swept included.</summary>
    public int Count => _states.Count;

    /// <inheritdoc/>
    public ValueTask<DependencyState> CheckAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult(_writer.IsHealthy ? DependencyState.Ok : DependencyState.Unreachable);

    /// <inheritdoc/>
    public ValueTask<CallbackState?> FindAsync(string state, CancellationToken cancellationToken) =>
        _states.FindAsync(state, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<StoreResult> PutAsync(CallbackState state, CancellationToken cancellationToken)
    {
        if (!_states.TryReserve(state)) return StoreResult.Full;

        var isStored = false;
        var written = _writer.WriteAsync(
            connection => isStored = Put(connection, state),
            () =>
            {
                if (isStored) _states.Put(state);
                else _states.Release(state);
            });
        _ = written.ContinueWith(
            static (_, reserved) => ((Action)reserved!)(), () => _states.Release(state), CancellationToken.None,
            TaskContinuationOptions.NotOnRanToCompletion | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        await written.WaitAsync(cancellationToken);
        return isStored ? StoreResult.Stored : StoreResult.NotYours;
    }

    /// <inheritdoc/>
    public async ValueTask<bool> DeleteAsync(string state, string owner, CancellationToken cancellationToken)
    {
        var deleted = false;
        await _writer.WriteAsync(connection => Delete(connection, state, owner), () => deleted = _states.Delete(state, owner))
            .WaitAsync(cancellationToken);
        return deleted;
    }

    /// <inheritdoc/>
    public async ValueTask<int> SweepAsync(CancellationToken cancellationToken)
    {
        await _states.SweepAsync(cancellationToken);

        var now = UnixInstant.MicrosecondsUp(_clock.GetUtcNow().UtcDateTime);
        var total = 0;
        int swept;
        do
        {
            swept = 0;
            await _writer.WriteAsync(connection => swept = Sweep(connection, now)).WaitAsync(cancellationToken);
            total += swept;
        }
        while (swept == SweepStep);

        // What was deleted leaves free pages; some of them go back to the file system each time.
        if (total > 0) await _writer.WriteAsync(static connection => Vacuum(connection)).WaitAsync(cancellationToken);
        return total;
    }

    // Expired ones as well: by a clock that is wrong they all may be.
    private void Load()
    {
        using var connection = _database.Connect();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT state, final_redirect_url, with_fragment, expires_at, owner, made_by FROM callback_states";
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            var state = new CallbackState(
                Encoding.UTF8.GetString(reader.GetFieldValue<byte[]>(0)),
                reader.IsDBNull(1) ? null : reader.GetString(1),
                reader.GetBoolean(2),
                reader.IsDBNull(3) ? null : DateTime.UnixEpoch.AddMicroseconds(reader.GetInt64(3)),
                reader.GetString(4))
            {
                MadeBy = reader.IsDBNull(5) ? null : reader.GetString(5),
            };
            _states.Reserve(state);
            _states.Put(state);
        }
    }

    // Whether it was stored: one of another owner stays as long as it lives.
    private bool Put(SqliteConnection connection, CallbackState state)
    {
        _put ??= SqliteCommands.Prepare(
            connection,
            """
            INSERT INTO callback_states (state, final_redirect_url, with_fragment, expires_at, owner, made_by)
            VALUES ($1, $2, $3, $4, $5, $7)
            ON CONFLICT (state) DO UPDATE SET
                final_redirect_url = excluded.final_redirect_url, with_fragment = excluded.with_fragment,
                expires_at = excluded.expires_at, owner = excluded.owner, made_by = excluded.made_by
            WHERE callback_states.owner = excluded.owner OR callback_states.expires_at <= $6
            """,
            7);
        _put.Parameters[0].Value = Encoding.UTF8.GetBytes(state.State);
        _put.Parameters[1].Value = (object?)state.FinalRedirectUrl ?? DBNull.Value;
        _put.Parameters[2].Value = state.WithFragment;
        _put.Parameters[3].Value = state.ExpiresAt is { } expiresAt ? UnixInstant.MicrosecondsUp(expiresAt) : DBNull.Value;
        _put.Parameters[4].Value = state.Owner;
        _put.Parameters[5].Value = UnixInstant.MicrosecondsUp(_clock.GetUtcNow().UtcDateTime);
        _put.Parameters[6].Value = (object?)state.MadeBy ?? DBNull.Value;
        return _put.ExecuteNonQuery() > 0;
    }

    private void Delete(SqliteConnection connection, string state, string owner)
    {
        _delete ??= SqliteCommands.Prepare(connection, "DELETE FROM callback_states WHERE state = $1 AND owner = $2", 2);
        _delete.Parameters[0].Value = Encoding.UTF8.GetBytes(state);
        _delete.Parameters[1].Value = owner;
        _delete.ExecuteNonQuery();
    }

    private static int Sweep(SqliteConnection connection, long now)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"""
            DELETE FROM callback_states WHERE state IN (SELECT state FROM callback_states WHERE expires_at <= $now LIMIT {SweepStep});
            """;
        command.Parameters.AddWithValue("$now", now);
        return command.ExecuteNonQuery();
    }

    private static void Vacuum(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"PRAGMA incremental_vacuum({SweepStep})";
        command.ExecuteNonQuery();
    }
}
