using System.Collections.Concurrent;
using System.Text;
using Microsoft.Data.Sqlite;
using Teal.Core.Events;
using Teal.Core.Identities;
using Teal.Core.Journal;
using Teal.Core.Kinds;
using Teal.Sqlite.Database;

namespace Teal.Sqlite.Journal;

/// <summary>Reads of the journal, which wait neither for writes nor for each other: as many connections as are needed at once.</summary>
internal sealed class SqliteJournalReaders(SqliteDatabase database, TopicIndex index) : IDisposable
{
    private readonly ConcurrentBag<Reader> _free = [];

    /// <summary>The position of the last event that the topic ever had; 0: not known.</summary>
    public long FindLast(byte[] topic) =>
        index.FindLast(TopicHash.ToKey(topic)) is > 0 and var last ? last : Use(reader => reader.FindLast(topic));

    /// <summary>Whose the last event was that the topic ever had; null: nobody's, or none is known.</summary>
    public string? FindOwner(EventKind kind, byte[] topic)
    {
        var last = FindLast(topic);
        return last == 0 ? null : Use(reader => reader.FindOwner(kind, topic, last));
    }

    /// <summary>Whether the topic is claimed.</summary>
    public bool IsClaimed(byte[] topic, long now) => Use(reader => reader.IsClaimed(topic, now));

    /// <summary>The topic's first events behind a position.</summary>
    public List<TealEvent> Read(string journal, EventKind kind, byte[] topic, long after, int limit, int size)
    {
        var recent = index.Behind(TopicHash.ToKey(topic), after);
        return Use(reader => reader.Read(journal, kind, topic, after, limit, size, recent));
    }

    /// <summary>How many topics of a kind one of the tables of remembered topics has.</summary>
    public long Count(string table, EventKind kind) => Use(reader => reader.Count(table, kind));

    public void Dispose()
    {
        while (_free.TryTake(out var reader)) reader.Dispose();
    }

    private T Use<T>(Func<Reader, T> read)
    {
        if (!_free.TryTake(out var reader)) reader = new Reader(database.Connect());
        try
        {
            var result = read(reader);
            _free.Add(reader);
            return result;
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }

    private sealed class Reader : IDisposable
    {
        private readonly SqliteConnection _connection;
        private readonly SqliteCommand _findLast;
        private readonly SqliteCommand _read;
        private readonly SqliteCommand _readOne;
        private readonly SqliteStatement _findClaim;
        private readonly SqliteCommand _findOwner;

        public Reader(SqliteConnection connection)
        {
            _connection = connection;
            _findLast = SqliteCommands.Prepare(
                connection,
                "SELECT coalesce((SELECT position FROM topic_positions WHERE topic = $1 ORDER BY position DESC LIMIT 1), " +
                "(SELECT last FROM topic_traces WHERE topic = $1), 0)",
                1);
            _read = SqliteCommands.Prepare(
                connection,
                "SELECT e.position, e.previous, e.body, e.content, e.owner " +
                "FROM topic_positions t CROSS JOIN events e ON e.position = t.position " +
                "WHERE t.topic = $1 AND t.position > $2 ORDER BY t.position LIMIT $3",
                3);
            _findClaim = new SqliteStatement(connection, SqliteTopicTables.FindClaim);
            _readOne = SqliteCommands.Prepare(
                connection, "SELECT position, previous, body, content, owner FROM events WHERE position = $1", 1);

            // The event, or where it is forgotten its topic's trace.
            _findOwner = SqliteCommands.Prepare(
                connection,
                "SELECT owner FROM events WHERE position = $1 UNION ALL SELECT owner FROM topic_traces WHERE topic = $2 LIMIT 1", 2);
        }

        public long FindLast(byte[] topic)
        {
            _findLast.Parameters[0].Value = topic;
            return (long)_findLast.ExecuteScalar()!;
        }

        public bool IsClaimed(byte[] topic, long now)
        {
            Span<long> end = stackalloc long[1];
            _findClaim.Bind(1, topic);
            return _findClaim.TryRead(end) && end[0] > now;
        }

        public string? FindOwner(EventKind kind, byte[] topic, long last)
        {
            _findOwner.Parameters[0].Value = last;
            _findOwner.Parameters[1].Value = topic;
            using var reader = _findOwner.ExecuteReader();
            return reader.Read() ? ReadOwner(reader, 0, kind) : null;
        }

        public List<TealEvent> Read(
            string journal, EventKind kind, byte[] topic, long after, int limit, int size, IReadOnlyList<long> recent)
        {
            _read.Parameters[0].Value = topic;
            _read.Parameters[1].Value = after;
            _read.Parameters[2].Value = limit;
            var events = new List<TealEvent>();
            var left = Add(events, _read, journal, kind, size);

            // Behind those of the index; some may have been written into it meanwhile.
            var last = events.Count > 0 ? events[^1].Place.Position : after;
            foreach (var position in recent)
            {
                if (events.Count >= limit || left <= 0) break;
                if (position <= last) continue;

                _readOne.Parameters[0].Value = position;
                left = Add(events, _readOne, journal, kind, left);
            }

            return events;
        }

        public long Count(string table, EventKind kind)
        {
            using var command = SqliteCommands.Prepare(_connection, $"SELECT count(*) FROM {table} WHERE kind = $1", 1);
            command.Parameters[0].Value = (long)kind.Number;
            return (long)command.ExecuteScalar()!;
        }

        public void Dispose()
        {
            _findLast.Dispose();
            _read.Dispose();
            _readOne.Dispose();
            _findOwner.Dispose();
            _connection.Dispose();
        }

        private static string? ReadOwner(SqliteDataReader reader, int column, EventKind kind) => EventOwner.FromText(
            kind, reader.IsDBNull(column) ? null : Encoding.ASCII.GetString(reader.GetFieldValue<byte[]>(column)));

        // As many as there is room for; returns what is left of it.
        private static int Add(List<TealEvent> events, SqliteCommand command, string journal, EventKind kind, int room)
        {
            using var reader = command.ExecuteReader();
            while (room > 0 && reader.Read())
            {
                var body = reader.GetFieldValue<byte[]>(2);
                var content = reader.IsDBNull(3) ? default(ReadOnlyMemory<byte>?) : reader.GetFieldValue<byte[]>(3);
                var @event = EventJsonReader.Read(kind, body, DateTime.UnixEpoch, content)
                    ?? throw new InvalidDataException("An event of the journal cannot be read.");
                events.Add(@event with
                {
                    Place = new EventPlace(journal, reader.GetInt64(0), reader.GetInt64(1)),
                    Owner = ReadOwner(reader, 4, kind),
                });
                room -= @event.Size;
            }

            return room;
        }
    }
}
