using Teal.Core.Hosting;

namespace Teal.Redis;

/// <summary>Tells the readiness answer whether Redis is there.</summary>
internal sealed class RedisProbe(RedisConnection connection) : IDependencyProbe
{
    public string Name => "store";

    public async ValueTask<DependencyState> CheckAsync(CancellationToken cancellationToken) =>
        await connection.PingAsync(cancellationToken) ? DependencyState.Ok : DependencyState.Unreachable;
}
