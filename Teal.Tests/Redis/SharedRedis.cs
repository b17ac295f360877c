using Teal.Tests.Support;

namespace Teal.Tests.Redis;

/// <summary>The one server of this folder's tests, but for those that stop theirs.</summary>
[SetUpFixture]
public sealed class SharedRedis
{
    internal static RedisServer Server { get; private set; } = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => Server = await RedisServer.StartNewAsync();

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        if (Server is not null) await Server.DisposeAsync();
    }
}
