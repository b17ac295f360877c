namespace Teal.Host.Configuration;

/// <summary>How dispatchers hear of events.</summary>
internal enum BusKind
{
    /// <summary>Within this process.</summary>
    InProcess,
}
