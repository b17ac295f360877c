using Teal.Core.Configuration;

using static Teal.Core.Configuration.SettingQuantities;
using static Teal.Core.Configuration.SettingTexts;

namespace Teal.Sqlite;

/// <summary>The settings of <see cref="SqliteOptions"/>.</summary>
public static class SqliteSettings
{
    /// <summary><c>DataDirectory</c>.</summary>
    public static readonly Setting<SqliteOptions> DataDirectory =
        new("DataDirectory", "/var/lib/teal",
            "where the embedded store lives, and the socket for commands of this machine; other stores have the socket where it is set",
            Folder<SqliteOptions>(o => o.DataDirectory, (o, v) => o.DataDirectory = v));

    /// <summary>How much may wait to be written.</summary>
    public static readonly IReadOnlyList<Setting<SqliteOptions>> Writing =
    [
        new("WriteQueueLength", "10000",
            "how many events that were asked for, changes by clients and other events, each for themselves, may wait to be written " +
            "to the embedded store; further ones get a 503",
            Count<SqliteOptions>(1, 1_000_000, o => o.WriteQueueLength, (o, v) => o.WriteQueueLength = v)),
        new("WriteQueueSize", "32 MiB", "the same by size",
            Size<SqliteOptions>(1024 * 1024, int.MaxValue, o => o.WriteQueueSize, (o, v) => o.WriteQueueSize = v)),
        new("MaximumLogSize", "1 GiB",
            "how long the embedded store's write-ahead log may become while another program reads from it; then events get a 503",
            Size<SqliteOptions>(64 * 1024 * 1024, int.MaxValue, o => o.MaximumLogSize, (o, v) => o.MaximumLogSize = v)),
    ];
}
