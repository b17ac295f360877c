namespace Teal.Host.Configuration;

/// <summary>Where states are kept.</summary>
internal enum StoreKind
{
    /// <summary>A SQLite file in the data folder.</summary>
    Embedded,

    /// <summary>Memory: gone with the process.</summary>
    Memory,

    /// <summary>Redis, for all processes on the same server.</summary>
    Redis,
}
