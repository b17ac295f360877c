using Microsoft.Extensions.DependencyInjection;
using Teal.Redis;

namespace Teal.Host.Configuration;

/// <summary><see cref="Store.Redis"/>.</summary>
internal sealed class RedisStore : Store
{
    public override string Name => "Redis";

    public override bool IsShared => true;

    public override void AddServices(IServiceCollection services, TealOptions options) => services.AddTealRedis(options.Redis);

    // Without the password.
    public override string Describe(TealOptions options, IServiceProvider services) =>
        $"Redis, {services.GetRequiredService<RedisConnection>().EndPoints}";
}
