namespace Teal.Web.Sessions;

/// <summary>Whether a client that shakes hands gets a place.</summary>
public enum PlaceResult
{
    /// <summary>It has one.</summary>
    Taken,

    /// <summary>The process stops.</summary>
    Stopping,

    /// <summary><see cref="ChannelOptions.MaximumConnections"/> are there.</summary>
    AllTaken,

    /// <summary>Its address has <see cref="ChannelOptions.MaximumConnectionsPerAddress"/>.</summary>
    ShareTaken,
}
