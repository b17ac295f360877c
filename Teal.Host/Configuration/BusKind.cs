namespace Teal.Host.Configuration;

/// <summary>How dispatchers hear of events.</summary>
internal enum BusKind
{
    /// <summary>Within this process.</summary>
    InProcess,

    /// <summary>Through RabbitMQ, to all processes on the same broker.</summary>
    RabbitMq,
}
