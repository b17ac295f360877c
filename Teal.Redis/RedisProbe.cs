using Teal.Core.Hosting;

namespace Teal.Redis;

/// <summary>Tells the readiness answer whether Redis is there, and takes writes.</summary>
internal sealed class RedisProbe(RedisConnection connection) : IDependencyProbe
{
    // The word of Redis' answer when maxmemory is reached.
    private const string OutOfMemory = "OOM";

    public string Name => IDependencyProbe.Store;

    public async ValueTask<DependencyState> CheckAsync(CancellationToken cancellationToken) =>
        await connection.ProbeAsync(cancellationToken) switch
        {
            null => DependencyState.Ok,
            { Code: OutOfMemory } => DependencyState.Full,
            _ => DependencyState.Unreachable,
        };
}
