using Microsoft.Data.Sqlite;
using Teal.Core.Events;
using Teal.Core.Journal;

namespace Teal.Sqlite;

/// <summary>
/// How much the journal holds of each kind. Changed on the writer's thread: what is written counts, for others, once it is committed. The
/// database is told with each commit that deletes, and a start counts the events that were appended since.
/// </summary>
internal sealed class JournalCounts
{
    private readonly Lock _lock = new();
    private readonly JournalUsage[] _written = new JournalUsage[Enum.GetValues<EventKind>().Length];
    private readonly JournalUsage[] _committed = new JournalUsage[Enum.GetValues<EventKind>().Length];
    private SqliteStatement? _savePosition;
    private SqliteStatement? _saveUsage;

    // Whether something was deleted that the database has not been told of.
    private bool _hasShrunk;

    /// <summary>Of all kinds.</summary>
    public JournalUsage Total
    {
        get
        {
            lock (_lock) return new JournalUsage(_committed.Sum(static usage => usage.Events), _committed.Sum(static usage => usage.Size));
        }
    }

    /// <summary>What is committed of a kind.</summary>
    public JournalUsage Of(EventKind kind)
    {
        lock (_lock) return _committed[(int)kind];
    }

    /// <summary>What is written of a kind, committed or not; for the writer's thread.</summary>
    public JournalUsage Written(EventKind kind) => _written[(int)kind];

    /// <summary>Counts something that is written.</summary>
    public void Add(EventKind kind, long events, long size)
    {
        var written = _written[(int)kind];
        _hasShrunk = _hasShrunk || events < 0;
        _written[(int)kind] = new JournalUsage(written.Events + events, written.Size + size);
    }

    /// <summary>What was written is committed.</summary>
    public void Commit()
    {
        lock (_lock) _written.CopyTo(_committed, 0);
    }

    /// <summary>What was written is undone.</summary>
    public void RollBack()
    {
        lock (_lock) _committed.CopyTo(_written, 0);
        _hasShrunk = false;
    }

    /// <summary>Writes the counts into the database, where something was deleted: a start has to count only what came since.</summary>
    /// <param name="connection">The writer's connection, in a transaction.</param>
    /// <param name="position">The last position that they hold.</param>
    public void Save(SqliteConnection connection, long position)
    {
        if (!_hasShrunk) return;

        _savePosition ??= new SqliteStatement(connection, "UPDATE journal SET counted_to = ?");
        _savePosition.Bind(1, position);
        _savePosition.Run();
        _saveUsage ??= new SqliteStatement(connection, "INSERT OR REPLACE INTO journal_usage (kind, events, size) VALUES (?, ?, ?)");
        foreach (var (kind, usage) in _written.Index())
        {
            _saveUsage.Bind(1, kind);
            _saveUsage.Bind(2, usage.Events);
            _saveUsage.Bind(3, usage.Size);
            _saveUsage.Run();
        }

        _hasShrunk = false;
    }
}
