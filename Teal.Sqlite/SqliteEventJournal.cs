using Microsoft.Data.Sqlite;
using Teal.Core.Events;
using Teal.Core.Journal;
using Teal.Core.States;
using Teal.Core.Wire;

namespace Teal.Sqlite;

/// <summary>
/// Events in the embedded database, written by the same <see cref="SqliteWriter"/> as the states: what arrives together is made durable by
/// one sync of the disk.
/// </summary>
public sealed class SqliteEventJournal : IEventJournal, IJournalUsage, IJournalPurge, IExpirySweep, IDisposable
{
    // More than one, so that not every event of a flood has to look.
    private const int ForgottenAtOnce = 16;

    private readonly SqliteDatabase _database;
    private readonly SqliteWriter _writer;
    private readonly JournalOptions _options;
    private readonly TimeProvider _clock;
    private readonly SqliteJournalReaders _readers;
    private readonly SqliteJournalTables _tables;
    private readonly TopicIndex _index = new();
    private readonly JournalCounts _counts;
    private readonly long _created;

    // Used on the writer's thread only.
    private long _lastPosition;

    /// <summary>Finds out what the journal holds.</summary>
    public SqliteEventJournal(SqliteDatabase database, SqliteWriter writer, JournalOptions options, TimeProvider clock)
    {
        _database = database;
        _writer = writer;
        _options = options;
        _clock = clock;
        _tables = new SqliteJournalTables(_index);
        _readers = new SqliteJournalReaders(database, _index);
        try
        {
            using var connection = database.Connect();
            (Id, _created, _lastPosition, _counts) = SqliteJournalStart.Run(connection, JournalPosition.At(clock.GetUtcNow()));
        }
        catch (SqliteException exception)
        {
            throw new SqliteStoreException(database.Explain(exception), exception);
        }

        writer.RolledBack += Forget;
        writer.Committing += Save;
        writer.Committed += Commit;
    }

    /// <inheritdoc/>
    public string Id { get; }

    /// <inheritdoc/>
    public JournalUsage Usage => _counts.Total;

    private long Now => JournalPosition.At(_clock.GetUtcNow());

    private long Horizon => Math.Max(_created, JournalPosition.At(_clock.GetUtcNow() - _options.TraceRetention));

    /// <inheritdoc/>
    public ValueTask<TealEvent> AppendAsync(TealEvent @event, EventRetention retention, Action<TealEvent> kept, CancellationToken cancellationToken)
    {
        var topic = @event.Topic;
        if (topic.Kind == EventKind.Callback) ThrowIfFull(_counts.Of(topic.Kind));

        var end = JournalPosition.At(new DateTimeOffset(DateTime.SpecifyKind(retention.Until, DateTimeKind.Utc)));
        var append = new SqliteAppend(this, @event, TopicHash.Of(topic), end, EventJson.EncodeForBus(@event), kept);
        _writer.Add(append);
        return new ValueTask<TealEvent>(append.Done.WaitAsync(cancellationToken));
    }

    /// <inheritdoc/>
    public ValueTask ClaimAsync(Topic topic, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public ValueTask<long> FindEndAsync(Topic topic, CancellationToken cancellationToken)
    {
        var last = _readers.FindLast(TopicHash.Of(topic));
        return ValueTask.FromResult(last > 0 ? last : Horizon);
    }

    /// <inheritdoc/>
    public ValueTask<JournalPage> ReadAsync(Topic topic, long after, int limit, CancellationToken cancellationToken)
    {
        var hash = TopicHash.Of(topic);
        var last = _readers.FindLast(hash);
        return ValueTask.FromResult(new JournalPage(last <= after ? [] : _readers.Read(Id, topic.Kind, hash, after, limit), last, Horizon));
    }

    /// <inheritdoc/>
    public async ValueTask KeepUntilAsync(Topic topic, DateTime keepUntil, CancellationToken cancellationToken)
    {
        // Most states are new, and have no events.
        var hash = TopicHash.Of(topic);
        if (_readers.FindLast(hash) == 0) return;

        var end = JournalPosition.At(new DateTimeOffset(DateTime.SpecifyKind(keepUntil, DateTimeKind.Utc)));
        await _writer.WriteAsync(connection => _tables.KeepUntil(connection, hash, end)).WaitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DeleteAsync(Topic topic, CancellationToken cancellationToken)
    {
        var hash = TopicHash.Of(topic);
        if (_readers.FindLast(hash) == 0) return;

        await _writer.WriteAsync(connection => Delete(connection, _tables.OfTopic(connection, hash))).WaitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<int> SweepAsync(CancellationToken cancellationToken)
    {
        var total = await DeleteOverAsync(Now, cancellationToken);
        await _writer.WriteAsync(connection => _tables.DeleteTraces(connection, Now)).WaitAsync(cancellationToken);
        return total;
    }

    /// <summary>Also makes the file anew without them, so that nothing of them stays in it.</summary>
    public async Task<long> PurgeAsync(CancellationToken cancellationToken)
    {
        var total = await DeleteOverAsync(long.MaxValue, cancellationToken);

        // Long; the writer's completions are not to wait for it.
        await Task.Run(_database.Compact, cancellationToken);
        return total;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _writer.RolledBack -= Forget;
        _writer.Committing -= Save;
        _writer.Committed -= Commit;
        _readers.Dispose();
    }

    // In steps, so that what others write meanwhile does not wait long.
    private async Task<int> DeleteOverAsync(long position, CancellationToken cancellationToken)
    {
        var total = 0;
        int deleted;
        do
        {
            deleted = 0;
            await _writer.WriteAsync(
                connection =>
                {
                    var over = SqliteJournalTables.Over(connection, position);
                    deleted = over.Count;
                    Delete(connection, over);
                }).WaitAsync(cancellationToken);
            total += deleted;
        }
        while (deleted == SqliteJournalTables.SweepStep);

        return total;
    }

    internal void Append(SqliteConnection connection, SqliteAppend append)
    {
        var head = _tables.FindHead(connection, append.Topic);
        Insert(connection, append, head);
        if (head.Ordinal >= _options.MaximumEventsPerTopic)
            Delete(connection, _tables.OldestUpTo(connection, append.Topic, head.Ordinal + 1 - _options.MaximumEventsPerTopic));
        if (append.Kind != EventKind.Callback && IsOver(_counts.Written(append.Kind)))
            Delete(connection, SqliteJournalTables.OldestOf(connection, append.Kind, ForgottenAtOnce));
    }

    private void Insert(SqliteConnection connection, SqliteAppend append, (long Position, long Ordinal) head)
    {
        _lastPosition = Math.Max(_lastPosition + 1, Now);
        append.Place = new EventPlace(Id, _lastPosition, head.Position);
        var row = new EventRow(_lastPosition, append.Topic, append.Kind, append.Body.Length);
        _tables.Insert(connection, row, head.Position, head.Ordinal + 1, append.KeepUntil, append.Body);
        _counts.Add(append.Kind, 1, EventRow.SizeOf(append.Body.Length));
    }

    private bool IsOver(JournalUsage usage) => usage.Events > _options.MaximumEvents || usage.Size > _options.MaximumSize;

    private void ThrowIfFull(JournalUsage usage)
    {
        if (usage.Events >= _options.MaximumEvents) throw JournalFullException.TooMany();
        if (usage.Size >= _options.MaximumSize) throw JournalFullException.TooBig(nameof(JournalOptions.MaximumSize));
    }

    private void Delete(SqliteConnection connection, IReadOnlyList<EventRow> rows)
    {
        if (rows.Count == 0) return;

        var traceEnd = JournalPosition.At(_clock.GetUtcNow() + _options.TraceRetention);
        foreach (var row in rows)
        {
            _tables.Delete(connection, row, traceEnd);
            _counts.Add(row.Kind, -1, -EventRow.SizeOf(row.BodyLength));
        }
    }

    private void Save(SqliteConnection connection)
    {
        _index.WriteWhenDue(connection);
        _counts.Save(connection, _lastPosition);
    }

    private void Commit()
    {
        _index.Commit();
        _counts.Commit();
    }

    // What was remembered of writes that were undone.
    private void Forget()
    {
        _index.RollBack();
        _tables.ForgetHeads();
        _counts.RollBack();
    }
}
