using Microsoft.Extensions.Logging;
using Teal.Redis;
using Teal.Tests.Support;

namespace Teal.Tests.Redis;

public sealed class RedisWatchTests
{
    // Where the certificate is refused nothing gets to the server itself.
    private const int NoPort = 1;

    [Test]
    public async Task Watch_OfARedisThatFirstHangsAndThenShowsAForeignCertificate_TellsBoth()
    {
        using var certificates = TestCertificates.ForLoopback();
        await using var server = TlsProxy.Start(NoPort, certificates);
        await using var network = DroppingProxy.Start(server.Port);
        network.Drop();
        using var log = new LogRecorder();
        using var loggers = LoggerFactory.Create(logging => logging.AddProvider(log));
        var options = new RedisOptions
        {
            Configuration = $"rediss://localhost:{network.Port}",
            Timeout = TimeSpan.FromMilliseconds(500),
            WatchInterval = TimeSpan.FromMilliseconds(50),
        };
        using var connection = new RedisConnection(options, TimeProvider.System);
        using var watch = new RedisWatch(connection, options, TimeProvider.System, loggers.CreateLogger<RedisWatch>());
        await watch.StartAsync(CancellationToken.None);
        await Eventually.HoldsAsync(() => log.Lines.Count == 1, "a warning");

        network.Forward();

        await Eventually.HoldsAsync(() => log.Lines.Count > 1, "another warning");
        await watch.StopAsync(CancellationToken.None).WithinLimit();
        log.Lines.Select(static line => line.Id.Id).Should().Equal(6001, 6001);
        log.Lines[0].Text.Should().MatchRegex("no answer within 0.5 s|no connection: [A-Z]", "the driver may be the first to give up");
        log.Lines[1].Text.Should().Contain("its certificate is not trusted here");
    }
}
