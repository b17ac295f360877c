using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using Teal.Core.Events;
using Teal.Core.Wire;

namespace Teal.Sqlite;

/// <summary>Reads of the journal, which wait neither for writes nor for each other: as many connections as are needed at once.</summary>
internal sealed class SqliteJournalReaders(SqliteDatabase database) : IDisposable
{
    private readonly ConcurrentBag<Reader> _free = [];

    /// <summary>The position of the last event that the topic ever had; 0: not known.</summary>
    public long FindLast(byte[] topic) => Use(reader => reader.FindLast(topic));

    /// <summary>The topic's first events behind a position.</summary>
    public List<TealEvent> Read(string journal, EventKind kind, byte[] topic, long after, int limit) =>
        Use(reader => reader.Read(journal, kind, topic, after, limit));

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

        public Reader(SqliteConnection connection)
        {
            _connection = connection;
            _findLast = SqliteDatabase.Prepare(
                connection,
                "SELECT coalesce((SELECT position FROM events WHERE topic = $1 ORDER BY position DESC LIMIT 1), (SELECT last FROM topic_traces WHERE topic = $1), 0)",
                1);
            _read = SqliteDatabase.Prepare(
                connection, "SELECT position, previous, body FROM events WHERE topic = $1 AND position > $2 ORDER BY position LIMIT $3", 3);
        }

        public long FindLast(byte[] topic)
        {
            _findLast.Parameters[0].Value = topic;
            return (long)_findLast.ExecuteScalar()!;
        }

        public List<TealEvent> Read(string journal, EventKind kind, byte[] topic, long after, int limit)
        {
            _read.Parameters[0].Value = topic;
            _read.Parameters[1].Value = after;
            _read.Parameters[2].Value = limit;
            var events = new List<TealEvent>();
            using var reader = _read.ExecuteReader();
            while (reader.Read())
            {
                var body = reader.GetFieldValue<byte[]>(2);
                var @event = EventJsonReader.Read(kind, body, DateTime.UnixEpoch) ?? throw new InvalidDataException("An event of the journal cannot be read.");
                events.Add(@event with { Place = new EventPlace(journal, reader.GetInt64(0), reader.GetInt64(1)) });
            }

            return events;
        }

        public void Dispose()
        {
            _findLast.Dispose();
            _read.Dispose();
            _connection.Dispose();
        }
    }
}
