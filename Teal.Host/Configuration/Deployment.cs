namespace Teal.Host.Configuration;

/// <summary>What the process is part of; sets <see cref="BusKind"/> and <see cref="Store"/> where they are not set.</summary>
internal enum Deployment
{
    /// <summary>One process, in-process bus, embedded store, nothing else to install.</summary>
    Standalone,

    /// <summary>One of many processes, on RabbitMQ and Redis.</summary>
    Distributed,
}
