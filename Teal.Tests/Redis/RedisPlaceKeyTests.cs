using Teal.Core.Journal;
using Teal.Redis;
using Teal.Tests.Support;

namespace Teal.Tests.Redis;

[Category("Redis")]
[NonParallelizable]
public sealed class RedisPlaceKeyTests
{
    private static readonly RedisOptions Options = new() { Configuration = SharedRedis.Server.EndPoint };

    [Test]
    public async Task Start_OfTwoProcesses_GivesBothTheSameKeyAlsoAfterRedisWasEmptied()
    {
        await SharedRedis.Server.SendAsync("DEL", "teal:seal");
        var clock = new ManualTimeProvider();
        PlaceKey[] keys = [new(), new()];
        byte[] first = keys[0].Bytes, second = keys[1].Bytes;
        using var connection = new RedisConnection(Options, TimeProvider.System);
        RedisPlaceKey[] services = [.. keys.Select(key => new RedisPlaceKey(connection, key, Options, clock))];
        foreach (var service in services) await service.StartAsync(CancellationToken.None);

        // Until it is connected it tries again with each second.
        await Eventually.HoldsAsync(() => Passes(clock) && keys[0].Bytes != first && keys[1].Bytes != second, "a common key");
        keys[0].Bytes.Should().Equal(keys[1].Bytes);

        (first, second) = (keys[0].Bytes, keys[1].Bytes);
        await SharedRedis.Server.SendAsync("DEL", "teal:seal");
        await Eventually.HoldsAsync(
            () => Passes(clock) && !keys[0].Bytes.SequenceEqual(first) && !keys[1].Bytes.SequenceEqual(second), "another common key");
        keys[0].Bytes.Should().Equal(keys[1].Bytes);
        foreach (var service in services) await service.StopAsync(CancellationToken.None);
    }

    private static bool Passes(ManualTimeProvider clock)
    {
        clock.Advance(TimeSpan.FromSeconds(1));
        return true;
    }
}
