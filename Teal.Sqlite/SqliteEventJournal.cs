using Microsoft.Data.Sqlite;
using Teal.Core.Events;
using Teal.Core.Hosting;
using Teal.Core.Journal;
using Teal.Core.Kinds;

namespace Teal.Sqlite;

/// <summary>
/// Events in the embedded database, written by the same <see cref="SqliteWriter"/> as the states: what arrives together is made durable by
/// one sync of the disk. What concerns all events of a topic is one row (<see cref="TopicEnd"/>); <see cref="SqliteJournalSteps"/> sees to the events afterwards.
/// </summary>
public sealed class SqliteEventJournal : IEventJournal, IJournalUsage, IJournalPurge, IExpirySweep, IDisposable
{
    // An event has as many bytes forgotten as it brings, at most, and so many more: where a bound was lowered, what is over goes with the events that come.
    private const int MostForgottenBeside = 64 * 1024;

    private readonly SqliteDatabase _database;
    private readonly SqliteWriter _writer;
    private readonly JournalOptions _options;
    private readonly TimeProvider _clock;
    private readonly SqliteJournalReaders _readers;
    private readonly SqliteJournalTables _tables;
    private readonly SqliteTopics _topics;
    private readonly SqliteJournalSteps _steps;
    private readonly TopicIndex _index = new();
    private readonly TraceHorizons _horizons;
    private readonly long _created;

    // Used on the writer's thread only.
    private long _lastPosition;

    // The highest position that was told as the end of a topic: later events are behind it, also where the clock goes back.
    private long _toldEnd;

    // Whether something was deleted in the transaction.
    private bool _hasShrunk;

    /// <summary>Finds out what the journal holds.</summary>
    public SqliteEventJournal(SqliteDatabase database, SqliteWriter writer, JournalOptions options, TimeProvider clock)
    {
        _database = database;
        _writer = writer;
        _options = options;
        _clock = clock;
        _tables = new SqliteJournalTables(_index);
        _topics = new SqliteTopics(options);
        _horizons = new TraceHorizons();
        _readers = new SqliteJournalReaders(database, _index);
        _steps = new SqliteJournalSteps(_writer, _readers, _tables, _topics, _horizons, options, clock, ForgetEvent);
        try
        {
            using var connection = database.Connect();
            (Id, _created, _lastPosition) = SqliteJournalStart.Run(connection, JournalPosition.At(clock.GetUtcNow()), _topics, _horizons);
        }
        catch (SqliteException exception)
        {
            throw new SqliteStoreException(database.Explain(exception), exception);
        }

        writer.RolledBack += RollBack;
        writer.Committing += Save;
        writer.Committed += Commit;
        _steps.CleanUp(_topics.Deleted);
    }

    /// <inheritdoc/>
    public string Id { get; }

    /// <inheritdoc/>
    public JournalUsage Usage => _topics.Usage;

    private long Now => JournalPosition.At(_clock.GetUtcNow());

    /// <inheritdoc/>
    public ValueTask<TealEvent> AppendAsync(TealEvent @event, EventRetention retention, Action<TealEvent> kept, CancellationToken cancellationToken)
    {
        var topic = TopicHash.Of(@event.Topic);
        var lane = retention.IsInvited ? WriteLane.Invited : _readers.IsClaimed(topic, Now) ? WriteLane.Claimed : WriteLane.Uninvited;
        var append = new SqliteAppend(
            this, @event, topic, PositionOf(retention.Until), lane, EventJson.EncodeForJournal(@event), @event.Topic.Kind.ContentOf(@event), kept);
        _writer.Add(append);
        return new ValueTask<TealEvent>(append.Done.WaitAsync(cancellationToken));
    }

    /// <inheritdoc/>
    public async ValueTask ClaimAsync(Topic topic, CancellationToken cancellationToken)
    {
        var hash = TopicHash.Of(topic);
        await _writer.WriteAsync(
            connection =>
            {
                _tables.Claim(connection, hash, topic.Kind, Now, JournalPosition.At(_clock.GetUtcNow() + _options.RetentionOf(topic.Kind)));
                if (_topics.Find(TopicHash.ToKey(hash)) is { } found && found.Room == JournalRoom.Unclaimed)
                    _topics.Move(found, JournalRoom.Of(topic.Kind, isInvited: false, isClaimed: true));
            }).WaitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<long> FindEndAsync(Topic topic, CancellationToken cancellationToken)
    {
        var last = _readers.FindLast(TopicHash.Of(topic));
        return ValueTask.FromResult(last > 0 ? last : TellEnd());
    }

    /// <inheritdoc/>
    public ValueTask<JournalPage> ReadAsync(Topic topic, long after, int limit, int size, CancellationToken cancellationToken)
    {
        var hash = TopicHash.Of(topic);
        var last = _readers.FindLast(hash);
        var horizon = Math.Max(Math.Max(_created, _horizons.Of(topic.Kind)), JournalPosition.At(_clock.GetUtcNow() - _options.TraceRetention));
        var from = Math.Max(after, _topics.DeletedTo(TopicHash.ToKey(hash)));
        return ValueTask.FromResult(new JournalPage(limit == 0 || last <= from ? [] : _readers.Read(Id, topic.Kind, hash, from, limit, size), last, horizon));
    }

    /// <inheritdoc/>
    public async ValueTask KeepUntilAsync(Topic topic, DateTime keepUntil, CancellationToken cancellationToken)
    {
        // Most states are new, and have no events.
        var hash = TopicHash.Of(topic);
        if (_readers.FindLast(hash) == 0) return;

        var end = PositionOf(keepUntil);
        await _writer.WriteAsync(
            connection =>
            {
                if (_topics.Find(TopicHash.ToKey(hash)) is { } found) SetEnd(connection, found, found.End with { KeptTo = found.Last, KeepUntil = end });
            }).WaitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<int> DeleteAsync(Topic topic, CancellationToken cancellationToken)
    {
        var hash = TopicHash.Of(topic);
        if (_readers.FindLast(hash) == 0) return 0;

        var events = 0;
        SqliteTopic? deleted = null;
        await _writer.WriteAsync(
            connection =>
            {
                deleted = _topics.Find(TopicHash.ToKey(hash));
                if (deleted is null) return;

                // Those that were deleted before, and are not all cleaned up yet, count once.
                events = deleted.End.DeletedTo == deleted.Last ? 0 : deleted.Events;
                SetEnd(connection, deleted, new TopicEnd(deleted.Last, 0, 0));
            }).WaitAsync(cancellationToken);
        if (deleted is not null) _steps.CleanUp([deleted]);
        return events;
    }

    /// <inheritdoc/>
    public ValueTask<int> SweepAsync(CancellationToken cancellationToken) => _steps.SweepAsync(cancellationToken);

    /// <summary>Also makes the file anew without them, so that nothing of them stays in it.</summary>
    public async Task<long> PurgeAsync(CancellationToken cancellationToken)
    {
        var total = await _steps.ForgetAllAsync(cancellationToken);

        // Long; the writer's completions are not to wait for it.
        await Task.Run(_database.Compact, cancellationToken);
        return total;
    }

    /// <inheritdoc/>
    public async Task<long> PurgeAsync(Topic topic, CancellationToken cancellationToken)
    {
        var events = await DeleteAsync(topic, cancellationToken);
        await _steps.CleanedUp.WaitAsync(cancellationToken);
        return events;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _writer.RolledBack -= RollBack;
        _writer.Committing -= Save;
        _writer.Committed -= Commit;
        _readers.Dispose();
    }

    internal void Append(SqliteConnection connection, SqliteAppend append)
    {
        var topic = FindOrAdd(connection, append);
        _lastPosition = Math.Max(Math.Max(_lastPosition, Volatile.Read(ref _toldEnd)) + 1, Now);
        append.Place = new EventPlace(Id, _lastPosition, topic.Last);
        _tables.Insert(connection, append, topic, append.Place);
        _topics.AddEvent(topic, _lastPosition, EventRow.SizeOf(append.Size));

        for (var left = EventRow.SizeOf(append.Size) + MostForgottenBeside; left > 0 && _topics.FindOver(topic) is { } over;)
        {
            var oldest = _tables.FindOldest(connection, over);
            ForgetEvent(connection, over, oldest);
            left -= oldest.Size;
        }
    }

    private static long PositionOf(DateTime utc) => JournalPosition.At(new DateTimeOffset(DateTime.SpecifyKind(utc, DateTimeKind.Utc)));

    private SqliteTopic FindOrAdd(SqliteConnection connection, SqliteAppend append)
    {
        if (_topics.Find(TopicHash.ToKey(append.Topic)) is { } found)
        {
            if (append.IsInvited) _topics.Move(found, JournalRoom.Of(append.Kind, isInvited: true, isClaimed: false));
            return found;
        }

        var isClaimed = !append.IsInvited && _tables.IsClaimed(connection, append.Topic, Now);
        var room = JournalRoom.Of(append.Kind, append.IsInvited, isClaimed);
        return _topics.Add(append.Topic, append.Kind, room, _tables.FindTrace(connection, append.Topic));
    }

    // A position before that of any event that comes now.
    private long TellEnd()
    {
        var end = Math.Max(Now - 1, Volatile.Read(ref _lastPosition));
        var told = Volatile.Read(ref _toldEnd);
        while (told < end)
        {
            var seen = Interlocked.CompareExchange(ref _toldEnd, end, told);
            if (seen == told) return end;
            told = seen;
        }

        return told;
    }

    private void SetEnd(SqliteConnection connection, SqliteTopic topic, TopicEnd end)
    {
        _topics.SetEnd(topic, end);
        _tables.SaveEnd(connection, topic.Hash, end);
    }

    private void ForgetEvent(SqliteConnection connection, SqliteTopic topic, EventRow row)
    {
        _hasShrunk = true;
        _tables.Delete(connection, row);
        _topics.RemoveEvent(topic, row.Size);
        if (topic.Events > 0) return;

        if (!topic.End.IsNothing) SetEnd(connection, topic, default);

        // Nobody can have been somewhere in a topic that nobody claimed.
        if (topic.Room != JournalRoom.Unclaimed) _tables.LeaveTrace(connection, topic, JournalPosition.At(_clock.GetUtcNow() + _options.TraceRetention));
    }

    private void Save(SqliteConnection connection)
    {
        _index.WriteWhenDue(connection);
        if (_hasShrunk) _tables.SavePosition(connection, _lastPosition);
        _hasShrunk = false;
    }

    private void Commit()
    {
        _index.Commit();
        _topics.Commit();
    }

    // What was remembered of writes that were undone.
    private void RollBack()
    {
        _index.RollBack();
        _topics.RollBack();
        _hasShrunk = false;
    }
}
