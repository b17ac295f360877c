using Microsoft.Data.Sqlite;
using Teal.Core.Events;
using Teal.Core.Journal;

namespace Teal.Sqlite.Journal;

/// <summary>
/// What changes in the journal, in the database and in memory at once. Used on the writer's thread only, in its transactions:
/// what is undone there is undone here.
/// </summary>
/// <param name="journal">The journal's id.</param>
/// <param name="events">The events in the database.</param>
/// <param name="tables">The topics there.</param>
/// <param name="topics">The topics in memory.</param>
/// <param name="index">Which events a topic has.</param>
/// <param name="positions">Where an event that comes stands.</param>
/// <param name="options">How long topics are remembered.</param>
internal sealed class SqliteJournalChanges(
    string journal, SqliteEventTable events, SqliteTopicTables tables, SqliteTopics topics, TopicIndex index, PositionClock positions,
    JournalOptions options)
{
    // An event has as many bytes forgotten as it brings, at most, and so many more: where a bound was lowered, what is over
    // goes with the events that come.
    private const int MostForgottenBeside = 64 * 1024;

    // Whether something was deleted in the transaction that may have been the last event.
    private bool _hasShrunk;

    /// <summary>Keeps an event, and has the oldest ones forgotten where there is no room for it.</summary>
    public void Append(SqliteConnection connection, SqliteAppend append)
    {
        var topic = FindOrAdd(connection, append);
        append.Place = new EventPlace(journal, positions.Next(), topic.Last);
        events.Insert(connection, append, topic, append.Place);
        topics.AddEvent(topic, append.Place.Position, append.Owner, EventRow.SizeOf(append.Size));

        for (var left = EventRow.SizeOf(append.Size) + MostForgottenBeside; left > 0 && topics.FindOver(topic) is { } over;)
        {
            var oldest = events.FindOldest(connection, over);
            Delete(connection, over, oldest);
            left -= oldest.Size;
        }
    }

    /// <summary>Notes that a program waits for the topic.</summary>
    public void Claim(SqliteConnection connection, byte[] topic, EventKind kind)
    {
        tables.Claim(connection, topic, kind, positions.Now, positions.In(options.RetentionOf(kind)));
        if (topics.Find(TopicHash.ToKey(topic)) is { } found && found.Room == JournalRoom.Unclaimed)
            topics.Move(found, JournalRoom.Of(kind, isInvited: false, isClaimed: true));
    }

    /// <summary>Says something of all of a topic's events at once.</summary>
    public void SetEnd(SqliteConnection connection, SqliteTopic topic, TopicEnd end)
    {
        topics.SetEnd(topic, end);
        tables.SaveEnd(connection, topic.Hash, end);
    }

    /// <summary>Deletes an event, and all that was said of its topic with its last one.</summary>
    public void Forget(SqliteConnection connection, SqliteTopic topic, EventRow row)
    {
        _hasShrunk = true;
        Delete(connection, topic, row);
    }

    private void Delete(SqliteConnection connection, SqliteTopic topic, EventRow row)
    {
        events.Delete(connection, row);
        topics.RemoveEvent(topic, row.Size);
        if (topic.Events > 0) return;

        if (!topic.End.IsNothing) SetEnd(connection, topic, default);

        // Nobody can have been somewhere in a topic that nobody claimed.
        if (topic.Room != JournalRoom.Unclaimed) tables.LeaveTrace(connection, topic, positions.In(options.TraceRetention));
    }

    /// <summary>Writes what is written once for all changes of a transaction.</summary>
    public void Save(SqliteConnection connection)
    {
        index.WriteWhenDue(connection);
        if (_hasShrunk) events.SavePosition(connection, positions.Last);
        _hasShrunk = false;
    }

    /// <summary>What was changed is committed.</summary>
    public void Commit()
    {
        index.Commit();
        topics.Commit();
    }

    /// <summary>What was changed is undone.</summary>
    public void RollBack()
    {
        index.RollBack();
        topics.RollBack();
        _hasShrunk = false;
    }

    private SqliteTopic FindOrAdd(SqliteConnection connection, SqliteAppend append)
    {
        if (topics.Find(TopicHash.ToKey(append.Topic)) is { } found)
        {
            if (append.IsInvited) topics.Move(found, JournalRoom.Of(append.Kind, isInvited: true, isClaimed: false));
            return found;
        }

        var isClaimed = !append.IsInvited && tables.IsClaimed(connection, append.Topic, positions.Now);
        var room = JournalRoom.Of(append.Kind, append.IsInvited, isClaimed);
        return topics.Add(append.Topic, append.Kind, room, tables.FindTrace(connection, append.Topic));
    }
}
