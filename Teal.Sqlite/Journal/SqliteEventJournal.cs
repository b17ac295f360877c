using Microsoft.Data.Sqlite;
using Teal.Core.Events;
using Teal.Core.Hosting;
using Teal.Core.Journal;
using Teal.Core.Kinds;
using Teal.Sqlite.Database;
using Teal.Sqlite.Writing;

namespace Teal.Sqlite.Journal;

/// <summary>
/// Events in the embedded database, written by the same <see cref="SqliteWriter"/> as the states: what arrives together is
/// made durable by one sync of the disk. What concerns all events of a topic is one row (<see cref="TopicEnd"/>);
/// <see cref="SqliteJournalSteps"/> sees to the events afterwards.
/// </summary>
public sealed class SqliteEventJournal : IEventJournal, IJournalUsage, IJournalPurge, IExpirySweep, IDisposable
{
    private readonly SqliteDatabase _database;
    private readonly SqliteWriter _writer;
    private readonly JournalOptions _options;
    private readonly PositionClock _positions;
    private readonly SqliteJournalReaders _readers;
    private readonly SqliteTopics _topics;
    private readonly SqliteJournalChanges _changes;
    private readonly SqliteJournalSteps _steps;
    private readonly TraceHorizons _horizons = new();
    private readonly long _created;

    /// <summary>Finds out what the journal holds.</summary>
    public SqliteEventJournal(SqliteDatabase database, SqliteWriter writer, JournalOptions options, TimeProvider clock)
    {
        _database = database;
        _writer = writer;
        _options = options;
        _positions = new PositionClock(clock);
        _topics = new SqliteTopics(options);
        try
        {
            using var connection = database.Connect();
            (Id, _created, _positions.Last) = SqliteJournalStart.Run(connection, _positions.Now, _topics, _horizons);
        }
        catch (SqliteException exception)
        {
            throw new SqliteStoreException(database.Explain(exception), exception);
        }

        var index = new TopicIndex();
        var (events, tables) = (new SqliteEventTable(index), new SqliteTopicTables());
        _readers = new SqliteJournalReaders(database, index);
        _changes = new SqliteJournalChanges(Id, events, tables, _topics, index, _positions, options);
        _steps = new SqliteJournalSteps(_writer, _readers, events, tables, _topics, _changes, _horizons, options, clock);
        writer.RolledBack += _changes.RollBack;
        writer.Committing += _changes.Save;
        writer.Committed += _changes.Commit;
        _steps.CleanUp(_topics.Deleted);
    }

    /// <inheritdoc/>
    public string Id { get; }

    /// <inheritdoc/>
    public JournalUsage Usage => _topics.Usage;

    /// <inheritdoc/>
    public ValueTask<TealEvent> AppendAsync(
        TealEvent @event, EventRetention retention, Action<TealEvent> kept, CancellationToken cancellationToken)
    {
        var topic = TopicHash.Of(@event.Topic);
        var lane = retention.IsInvited ? WriteLane.Invited
            : _readers.IsClaimed(topic, _positions.Now) ? WriteLane.Claimed : WriteLane.Uninvited;
        var append = new SqliteAppend(
            _changes, @event, topic, PositionClock.At(retention.Until), lane, EventJson.EncodeForJournal(@event),
            @event.Topic.Kind.ContentOf(@event), kept);
        _writer.Add(append);
        return new ValueTask<TealEvent>(append.Done.WaitAsync(cancellationToken));
    }

    /// <inheritdoc/>
    public async ValueTask ClaimAsync(Topic topic, CancellationToken cancellationToken)
    {
        var hash = TopicHash.Of(topic);
        await _writer.WriteAsync(connection => _changes.Claim(connection, hash, topic.Kind)).WaitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<long> FindEndAsync(Topic topic, CancellationToken cancellationToken)
    {
        var last = _readers.FindLast(TopicHash.Of(topic));
        return ValueTask.FromResult(last > 0 ? last : _positions.TellEnd());
    }

    /// <inheritdoc/>
    public ValueTask<string?> FindOwnerAsync(Topic topic, CancellationToken cancellationToken) =>
        ValueTask.FromResult(_readers.FindOwner(topic.Kind, TopicHash.Of(topic)));

    /// <inheritdoc/>
    public ValueTask<JournalPage> ReadAsync(Topic topic, long after, int limit, int size, CancellationToken cancellationToken)
    {
        var hash = TopicHash.Of(topic);
        var last = _readers.FindLast(hash);
        var horizon = Math.Max(Math.Max(_created, _horizons.Of(topic.Kind)), _positions.In(-_options.TraceRetention));
        var from = Math.Max(after, _topics.DeletedTo(TopicHash.ToKey(hash)));
        var events = limit == 0 || last <= from ? [] : _readers.Read(Id, topic.Kind, hash, from, limit, size);
        return ValueTask.FromResult(new JournalPage(events, last, horizon));
    }

    /// <inheritdoc/>
    public async ValueTask KeepUntilAsync(Topic topic, DateTime keepUntil, CancellationToken cancellationToken)
    {
        // Most states are new, and have no events.
        var hash = TopicHash.Of(topic);
        if (_readers.FindLast(hash) == 0) return;

        var end = PositionClock.At(keepUntil);
        await _writer.WriteAsync(
            connection =>
            {
                if (_topics.Find(TopicHash.ToKey(hash)) is { } found)
                    _changes.SetEnd(connection, found, found.End with { KeptTo = found.Last, KeepUntil = end });
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
                _changes.SetEnd(connection, deleted, new TopicEnd(deleted.Last, 0, 0));
            }).WaitAsync(cancellationToken);
        if (deleted is not null) _steps.CleanUp([deleted]);
        return events;
    }

    /// <inheritdoc/>
    public ValueTask<int> SweepAsync(CancellationToken cancellationToken) => _steps.SweepAsync(cancellationToken);

    /// <inheritdoc/>
    public async Task<long> PurgeAsync(CancellationToken cancellationToken) =>
        await _steps.ForgetAllAsync(Math.Max(_positions.Last, _positions.Now), cancellationToken);

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
        _writer.RolledBack -= _changes.RollBack;
        _writer.Committing -= _changes.Save;
        _writer.Committed -= _changes.Commit;
        _readers.Dispose();
    }
}
