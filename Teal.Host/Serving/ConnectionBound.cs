namespace Teal.Host.Serving;

/// <summary>What bounds the connections of an address.</summary>
internal enum ConnectionBound
{
    /// <summary>The client's share, <see cref="Configuration.HttpOptions.MaximumConnectionsPerAddress"/>.</summary>
    PerAddress,

    /// <summary>The process's open files.</summary>
    OpenFiles,

    /// <summary><see cref="Configuration.HttpOptions.MaximumConnections"/>.</summary>
    Http,
}
