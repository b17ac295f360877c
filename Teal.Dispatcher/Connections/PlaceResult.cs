namespace Teal.Dispatcher.Connections;

/// <summary>Whether a connection that shakes hands gets a place.</summary>
internal enum PlaceResult
{
    /// <summary>It has one.</summary>
    Taken,

    /// <summary>The process stops.</summary>
    Stopping,

    /// <summary><see cref="DispatcherOptions.MaximumConnections"/> are there.</summary>
    AllTaken,

    /// <summary>Its address has <see cref="DispatcherOptions.MaximumConnectionsPerAddress"/>.</summary>
    ShareTaken,
}
