using Teal.Core.Events;

namespace Teal.Sqlite;

/// <summary>An event in the database, without its body.</summary>
internal readonly record struct EventRow(long Position, byte[] Topic, EventKind Kind, long BodyLength)
{
    // A row's other columns, its places in the indices, and what pages leave free; measured.
    private const int Overhead = 180;

    /// <summary>About how many bytes of the disk an event takes.</summary>
    public static long SizeOf(long bodyLength) => bodyLength + Overhead;
}
