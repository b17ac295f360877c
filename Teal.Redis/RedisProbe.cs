using Teal.Core.Hosting;

namespace Teal.Redis;

/// <summary>Tells the readiness answer whether Redis is there.</summary>
internal sealed class RedisProbe(RedisConnection connection) : IDependencyProbe
{
    public string Name => "store";

    public ValueTask<bool> IsAvailableAsync(CancellationToken cancellationToken) => connection.PingAsync(cancellationToken);
}
