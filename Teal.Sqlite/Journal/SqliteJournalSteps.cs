using Microsoft.Data.Sqlite;
using Teal.Core.Events;
using Teal.Core.Journal;
using Teal.Core.Kinds;
using Teal.Sqlite.Writing;

namespace Teal.Sqlite.Journal;

/// <summary>
/// The journal's own work: deleting what ended, or what was said to be deleted. In steps of some rows and some bytes, each a write that
/// gives way to all others, so that nobody waits for it whatever is kept.
/// </summary>
internal sealed class SqliteJournalSteps(
    SqliteWriter writer, SqliteJournalReaders readers, SqliteEventTable events, SqliteTopicTables tables, SqliteTopics topics,
    SqliteJournalChanges changes, TraceHorizons horizons, JournalOptions options, TimeProvider clock)
{
    private delegate List<EventRow> Step(SqliteConnection connection, out bool isAll);

    private readonly Lock _lock = new();
    private readonly Queue<SqliteTopic> _deleted = new();
    private Task _cleaning = Task.CompletedTask;

    /// <summary>Completes when the events are deleted that are said to be by now.</summary>
    public Task CleanedUp
    {
        get
        {
            lock (_lock) return _cleaning;
        }
    }

    private long Now => JournalPosition.At(clock.GetUtcNow());

    /// <summary>Has the events deleted that are said to be.</summary>
    public void CleanUp(IEnumerable<SqliteTopic> deleted)
    {
        lock (_lock)
        {
            foreach (var topic in deleted) _deleted.Enqueue(topic);
            if (_cleaning.IsCompleted && _deleted.Count > 0) _cleaning = Task.Run(CleanUpAsync);
        }
    }

    /// <summary>Deletes all that ended, and says how many events those were.</summary>
    public async ValueTask<int> SweepAsync(CancellationToken cancellationToken)
    {
        await EndTopicsAsync(cancellationToken);
        var total = await DeleteDueAsync(cancellationToken);

        // Nothing in memory is to outlive a trace.
        await writer.WriteAsync(WriteLane.Background, events.WriteIndex).WaitAsync(cancellationToken);
        await SweepRememberedAsync(SqliteTopicTables.Traces, cancellationToken);
        await SweepRememberedAsync(SqliteTopicTables.Claims, cancellationToken);
        return total;
    }

    /// <summary>Deletes all events up to a position, and says how many there were.</summary>
    public Task<int> ForgetAllAsync(long position, CancellationToken cancellationToken) => DeleteAsync(
        (SqliteConnection connection, out bool isAll) => events.First(connection, position, out isAll),
        static (_, _) => null, cancellationToken);

    // Ends when a write fails: the sweep comes again.
    private async Task CleanUpAsync()
    {
        while (true)
        {
            SqliteTopic? topic;
            lock (_lock)
            {
                if (!_deleted.TryDequeue(out topic))
                {
                    // Whoever adds one now begins anew.
                    _cleaning = Task.CompletedTask;
                    return;
                }
            }

            try
            {
                for (var isDone = false; !isDone;)
                    await writer.WriteAsync(WriteLane.Background, connection => isDone = CleanUp(connection, topic));
            }
            catch (Exception exception) when (exception is SqliteException or SqliteStoreException)
            {
                // The disk is full, or the store closed. Readers do not see what is deleted all the same, and a later sweep or
                // start goes on.
                lock (_lock) _deleted.Enqueue(topic);
                await Task.Delay(TimeSpan.FromSeconds(1), clock);
                if (writer.IsClosed) return;
            }
        }
    }

    // A step. Whether it was the last.
    private bool CleanUp(SqliteConnection connection, SqliteTopic topic)
    {
        var position = topic.End.DeletedTo;
        if (topics.Find(topic.Key) != topic || position == 0) return true;

        var rows = events.UpTo(connection, topic, position, out var isAll);
        foreach (var row in rows) changes.Forget(connection, topic, row);
        if (!isAll || topic.Events == 0) return isAll;

        changes.SetEnd(connection, topic, topic.End with { DeletedTo = 0 });
        return true;
    }

    private async Task EndTopicsAsync(CancellationToken cancellationToken)
    {
        var ended = new List<SqliteTopic>();
        var found = SqliteEventTable.StepRows;
        while (found == SqliteEventTable.StepRows)
        {
            ended.Clear();
            await writer.WriteAsync(
                WriteLane.Background,
                connection =>
                {
                    ended.Clear();
                    var hashes = tables.DueEnds(connection, Now);
                    found = hashes.Count;
                    foreach (var hash in hashes)
                    {
                        if (topics.Find(TopicHash.ToKey(hash)) is not { } topic)
                        {
                            tables.SaveEnd(connection, hash, default);
                            continue;
                        }

                        changes.SetEnd(connection, topic, new TopicEnd(Math.Max(topic.End.DeletedTo, topic.End.KeptTo), 0, 0));
                        ended.Add(topic);
                    }
                }).WaitAsync(cancellationToken);
            CleanUp(ended);
        }

        await CleanedUp.WaitAsync(cancellationToken);
    }

    private Task<int> DeleteDueAsync(CancellationToken cancellationToken)
    {
        var now = Now;
        return DeleteAsync(
            (SqliteConnection connection, out bool isAll) => events.Due(connection, now, out isAll),
            (row, topic) => row.Position <= topic.End.KeptTo && topic.End.KeepUntil > now ? topic.End.KeepUntil : null, cancellationToken);
    }

    // In steps until there are no more. Those that have another end get that instead.
    private async Task<int> DeleteAsync(Step find, Func<EventRow, SqliteTopic, long?> findEnd, CancellationToken cancellationToken)
    {
        var (total, isAll) = (0, false);
        while (!isAll)
        {
            var deleted = 0;
            await writer.WriteAsync(
                WriteLane.Background,
                connection =>
                {
                    deleted = 0;
                    foreach (var row in find(connection, out isAll))
                    {
                        if (topics.Find(TopicHash.ToKey(row.Topic)) is not { } topic) continue;

                        if (findEnd(row, topic) is { } end)
                        {
                            events.Reschedule(connection, row, end);
                            continue;
                        }

                        changes.Forget(connection, topic, row);
                        deleted++;
                    }
                }).WaitAsync(cancellationToken);
            total += deleted;
        }

        return total;
    }

    // Topics that are only remembered: those whose time is over, and the oldest where there are too many.
    private async Task SweepRememberedAsync(string table, CancellationToken cancellationToken)
    {
        foreach (var kind in EventKinds.All)
        {
            // Counted beside the writer: that takes as long as there are many.
            var surplus = readers.Count(table, kind) - options.MaximumTraces;
            var deleted = SqliteEventTable.StepRows;
            while (deleted == SqliteEventTable.StepRows)
            {
                await writer.WriteAsync(
                    WriteLane.Background,
                    connection => deleted = SqliteTopicTables.DeleteRemembered(connection, table, kind, Now, SqliteEventTable.StepRows))
                    .WaitAsync(cancellationToken);
                surplus -= deleted;
            }

            for (; surplus > 0; surplus -= SqliteEventTable.StepRows)
            {
                var (count, horizon) = ((int)Math.Min(surplus, SqliteEventTable.StepRows), 0L);
                await writer.WriteAsync(
                    WriteLane.Background,
                    connection =>
                    {
                        if (table == SqliteTopicTables.Traces) horizon = SqliteTopicTables.RaiseHorizon(connection, kind, count);
                        SqliteTopicTables.DeleteRemembered(connection, table, kind, long.MaxValue, count);
                    }).WaitAsync(cancellationToken);
                horizons.Raise(kind, horizon);
            }
        }
    }
}
