namespace Teal.Sqlite.Journal;

/// <summary>An event in the database, without what it says.</summary>
/// <param name="Position">Its place.</param>
/// <param name="Topic">The hash of its topic.</param>
/// <param name="Length">The bytes of what it says.</param>
internal readonly record struct EventRow(long Position, byte[] Topic, long Length)
{
    // A row's other columns, its places in the indices, and what pages leave free; measured.
    private const int Overhead = 180;

    /// <summary>About how many bytes of the disk it takes.</summary>
    public long Size => SizeOf(Length);

    /// <summary>About how many bytes of the disk an event takes.</summary>
    public static long SizeOf(long length) => length + Overhead;
}
