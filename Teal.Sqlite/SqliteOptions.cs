namespace Teal.Sqlite;

/// <summary>Settings of the embedded store.</summary>
public sealed class SqliteOptions
{
    /// <summary>The folder of the store, absolute or below the working folder; made when it is not there. Default <c>data</c>.</summary>
    public string DataDirectory { get; set; } = "data";

    /// <summary>How many writes of a lane may wait for the disk; further ones fail at once. Default 10,000.</summary>
    public int WriteQueueLength { get; set; } = 10_000;

    /// <summary>The same in bytes. Default 32 MiB.</summary>
    public long WriteQueueSize { get; set; } = 32 * 1024 * 1024;

    /// <summary>
    /// How many bytes the write-ahead log may have while another program reads from it, so that it cannot begin anew; beyond,
    /// writes fail. Default 1 GiB.
    /// </summary>
    public long MaximumLogSize { get; set; } = 1024 * 1024 * 1024;

    /// <summary>
    /// How long a write waits while another program, a backup for instance, has the file; the driver's commands and SQLite itself. 5 s; no
    /// setting, as no operator has to know it.
    /// </summary>
    internal int SecondsForOthers { get; set; } = 5;
}
