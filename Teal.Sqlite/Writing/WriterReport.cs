using Microsoft.Extensions.Logging;
using Teal.Sqlite.Database;

namespace Teal.Sqlite.Writing;

/// <summary>
/// What the log says of the writer: each state once when it begins. Used on the writer's thread, but for <see cref="IsHealthy"/>.
/// </summary>
internal sealed partial class WriterReport(SqliteDatabase database, long maximumLogSize, ILogger logger)
{
    // From where on the log is so long that somebody must be reading from it all the time.
    private const long LongLogSize = 64 * 1024 * 1024;

    private bool _isLong;
    private volatile bool _isHealthy = true;

    /// <summary>Whether the last commit went through, and its sync.</summary>
    public bool IsHealthy => _isHealthy;

    /// <summary>The last commit and its sync went through.</summary>
    public void Works()
    {
        if (!_isHealthy) Log.Working(logger);
        _isHealthy = true;
    }

    /// <summary>A commit or its sync failed.</summary>
    public void Fails(Exception exception)
    {
        if (_isHealthy) Log.Failing(logger, database.Explain(exception));
        _isHealthy = false;
    }

    /// <summary>How long the write-ahead log is, in bytes.</summary>
    public void Look(long logSize)
    {
        var isLong = logSize >= Math.Min(LongLogSize, maximumLogSize);
        if (isLong == _isLong) return;

        if (isLong) Log.LogIsLong(logger, $"{database.Path}-wal", logSize >> 20, maximumLogSize >> 20);
        else Log.LogIsShort(logger, $"{database.Path}-wal");
        _isLong = isLong;
    }

    private static partial class Log
    {
        [LoggerMessage(4001, LogLevel.Error, "Nothing can be stored, and requests are told to try again: {Explanation}")]
        public static partial void Failing(ILogger logger, string explanation);

        [LoggerMessage(
            4003, LogLevel.Warning,
            "{Log} has {Size} MiB and cannot begin anew: another program seems to read from it without an end, " +
            "such as a backup or an open shell. End that program; at {Maximum} MiB (Teal:MaximumLogSize) nothing is stored any more")]
        public static partial void LogIsLong(ILogger logger, string log, long size, long maximum);

        [LoggerMessage(4004, LogLevel.Information, "{Log} is short again")]
        public static partial void LogIsShort(ILogger logger, string log);

        [LoggerMessage(4002, LogLevel.Information, "The store works again")]
        public static partial void Working(ILogger logger);
    }
}
