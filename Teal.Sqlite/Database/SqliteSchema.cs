using Microsoft.Data.Sqlite;

namespace Teal.Sqlite.Database;

/// <summary>The tables of the database, and how one that an earlier version wrote gets those of this version.</summary>
internal static class SqliteSchema
{
    // What each version of the schema added to the one before.
    private static readonly string[] Versions =
    [
        """
        CREATE TABLE callback_states (
            state              BLOB PRIMARY KEY, -- UTF-8; text would end at a NUL
            final_redirect_url TEXT,
            with_fragment      INTEGER NOT NULL,
            expires_at         INTEGER,          -- microseconds since 1970, UTC; NULL: never
            owner              TEXT NOT NULL
        ) WITHOUT ROWID;
        CREATE INDEX callback_states_by_expiry ON callback_states (expires_at) WHERE expires_at IS NOT NULL;
        """,
        """
        CREATE TABLE events (
            position   INTEGER PRIMARY KEY, -- microseconds since 1970, UTC, rising
            topic      BLOB NOT NULL,       -- the first 16 bytes of the SHA-256 of the kind's byte and the key's UTF-8
            kind       INTEGER NOT NULL,
            previous   INTEGER NOT NULL,    -- the position of the topic's event before; 0: none
            ordinal    INTEGER NOT NULL,    -- rises by one within the topic
            keep_until INTEGER NOT NULL,    -- microseconds since 1970, UTC
            body       BLOB NOT NULL        -- JSON, as on the bus
        );
        CREATE INDEX events_by_topic ON events (topic, position);
        CREATE INDEX events_by_end ON events (keep_until);
        CREATE INDEX events_by_kind ON events (kind, position) WHERE kind > 0; -- 0: callbacks, which are not forgotten for lack of room
        CREATE TABLE topic_traces (         -- topics that had events which are not kept any more
            topic      BLOB PRIMARY KEY,
            last       INTEGER NOT NULL,    -- the position of the last one
            keep_until INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE INDEX topic_traces_by_end ON topic_traces (keep_until);
        CREATE TABLE journal (              -- one row
            id         TEXT NOT NULL,
            created    INTEGER NOT NULL,    -- a position
            counted_to INTEGER NOT NULL     -- a position; journal_usage counts the events up to it
        );
        CREATE TABLE journal_usage (kind INTEGER PRIMARY KEY, events INTEGER NOT NULL, size INTEGER NOT NULL);
        """,
        """
        CREATE TABLE topic_positions (      -- which events a topic has
            topic      BLOB NOT NULL,
            position   INTEGER NOT NULL,
            PRIMARY KEY (topic, position)
        ) WITHOUT ROWID;
        ALTER TABLE journal ADD COLUMN indexed_to INTEGER NOT NULL DEFAULT 0; -- a position; topic_positions has the events up to it
        DROP INDEX events_by_topic;
        """,
        """
        -- events.ordinal is 0 from here on, and events.body leaves the content out.
        -- journal.counted_to is the last position, as it was when an event was deleted last.
        ALTER TABLE events ADD COLUMN room INTEGER; -- a JournalRoom; NULL: that of the kind. What the topic was claimed later counts more
        ALTER TABLE events ADD COLUMN request BLOB; -- method, target, headers and sender (specification 9.1); NULL: they are not kept
        ALTER TABLE events ADD COLUMN content BLOB; -- the request's body as it came; NULL: there was none, or the event has all of it
        DROP INDEX events_by_kind;
        DROP TABLE journal_usage;
        CREATE TABLE topic_ends (           -- what was said of all events of a topic at once
            topic      BLOB PRIMARY KEY,
            deleted_to INTEGER NOT NULL,    -- a position; the events up to it are deleted
            kept_to    INTEGER NOT NULL,    -- a position; the events up to it are kept until keep_until
            keep_until INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE INDEX topic_ends_by_end ON topic_ends (keep_until) WHERE kept_to > 0;
        CREATE TABLE topic_claims (         -- topics that a program waits for
            topic      BLOB PRIMARY KEY,
            kind       INTEGER NOT NULL,
            keep_until INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE INDEX topic_claims_by_end ON topic_claims (kind, keep_until);
        ALTER TABLE topic_traces ADD COLUMN kind INTEGER NOT NULL DEFAULT 0;
        DROP INDEX topic_traces_by_end;
        CREATE INDEX topic_traces_by_end ON topic_traces (kind, keep_until);
        CREATE TABLE trace_horizons (       -- traces of the kind up to the position may have been deleted before their end
            kind       INTEGER PRIMARY KEY,
            position   INTEGER NOT NULL
        );
        """,
        """
        CREATE TABLE records (
            collection BLOB NOT NULL,           -- UTF-8, as the key
            key        BLOB NOT NULL,
            value      BLOB NOT NULL,
            version    INTEGER NOT NULL,        -- microseconds since 1970, UTC, rising
            expires_at INTEGER,                 -- microseconds since 1970, UTC; NULL: never
            PRIMARY KEY (collection, key)
        ) WITHOUT ROWID;
        CREATE INDEX records_by_expiry ON records (expires_at) WHERE expires_at IS NOT NULL;
        """,
        """
        -- As EventOwner writes it, ASCII; NULL where that writes nothing.
        ALTER TABLE events ADD COLUMN owner BLOB;
        ALTER TABLE topic_traces ADD COLUMN owner BLOB; -- that of the last one
        """,
        """
        ALTER TABLE callback_states ADD COLUMN made_by TEXT; -- as StateMaker writes it; NULL where that writes nothing
        """,
    ];

    /// <summary>
    /// Makes what is missing. Throws <see cref="SqliteStoreException"/> when the database is damaged or of a later version;
    /// then nothing was changed.
    /// </summary>
    /// <param name="connection">A connection to it.</param>
    /// <param name="path">Its file.</param>
    public static void Prepare(SqliteConnection connection, string path)
    {
        var version = SqliteCommands.Scalar(connection, "PRAGMA user_version");
        if (version > Versions.Length)
            throw new SqliteStoreException($"{path} was written by a later version of Teal. Start that version, or another data folder.");

        if (SqliteCommands.Scalar(connection, "PRAGMA auto_vacuum") == 0 && version == 0)
            SqliteCommands.Execute(connection, "PRAGMA auto_vacuum = INCREMENTAL;");
        SqliteCommands.Execute(connection, "PRAGMA journal_mode = WAL;");
        if (version < Versions.Length)
        {
            var missing = string.Join('\n', Versions.Skip((int)version));
            SqliteCommands.Execute(connection, $"BEGIN IMMEDIATE; {missing}\nPRAGMA user_version = {Versions.Length}; COMMIT;");
        }

        if (SqliteCommands.Text(connection, "PRAGMA quick_check(1)") is var found and not "ok")
            throw new SqliteStoreException($"{path} is damaged ({found.Split('\n')[0]}). {SqliteFault.WhatToDoWhenDamaged}");
    }
}
