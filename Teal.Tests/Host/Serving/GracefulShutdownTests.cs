using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging.Abstractions;
using Teal.Core.Hosting;
using Teal.Host.Configuration;
using Teal.Host.Serving;
using Teal.Tests.Support;

namespace Teal.Tests.Host.Serving;

/// <summary>The parts of a stop come in order, and none takes the time of those behind it.</summary>
public sealed class GracefulShutdownTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(8);

    private readonly List<string> _order = [];
    private ManualTimeProvider _clock = null!;
    private Server _server = null!;

    [SetUp]
    public void Create()
    {
        _order.Clear();
        _clock = new ManualTimeProvider();
        _server = new Server(_order);
    }

    [TearDown]
    public void Dispose() => _server.Dispose();

    [Test]
    public async Task StoppingAsync_PartsInAnyOrder_ComeInTheirsAndTheServerLast()
    {
        await ShutdownOf(Quick(DrainStage.Connections), Quick(DrainStage.Intake), Quick(DrainStage.Bus), Quick(DrainStage.Publishing))
            .StoppingAsync(CancellationToken.None).WithinLimit();

        _order.Should().Equal("Intake", "Publishing", "Bus", "Connections", "server");
    }

    [Test]
    public async Task StoppingAsync_PartsThatHang_LeaveTimeToThoseBehindThem()
    {
        var started = _clock.GetUtcNow();
        Step[] hanging =
        [
            Hanging(DrainStage.Intake), Hanging(DrainStage.Publishing), Hanging(DrainStage.Bus), Hanging(DrainStage.Connections),
        ];

        var stopping = ShutdownOf(hanging).StoppingAsync(CancellationToken.None);
        while (!stopping.IsCompleted)
        {
            await Task.Yield();
            if (hanging.Any(static step => step.IsWaiting)) _clock.Advance(TimeSpan.FromSeconds(0.5));
        }

        await stopping;
        (_clock.GetUtcNow() - started).Should().Be(Limit);
        hanging.Should().OnlyContain(static step => !step.WasLateAtStart);
        _order.Should().Equal("Intake", "Publishing", "Bus", "Connections", "server");
    }

    [Test]
    public async Task StoppingAsync_APartThatFails_DoesNotKeepTheOthersFromTheirWork()
    {
        await ShutdownOf(
            new Step(DrainStage.Intake, _order, static _ => throw new InvalidOperationException()), Quick(DrainStage.Connections))
            .StoppingAsync(CancellationToken.None).WithinLimit();

        _order.Should().Equal("Intake", "Connections", "server");
    }

    [Test]
    public async Task StoppingAsync_AServerWithUnfinishedRequests_IsGivenHalfASecond()
    {
        _server.Stops = static token => Task.Delay(Timeout.InfiniteTimeSpan, token).ContinueWith(static _ => { }, TaskScheduler.Default);

        var stopping = ShutdownOf(Quick(DrainStage.Intake)).StoppingAsync(CancellationToken.None);
        stopping.IsCompleted.Should().BeFalse();
        _clock.Advance(TimeSpan.FromSeconds(0.5));

        await stopping.WithinLimit();
    }

    private GracefulShutdown ShutdownOf(params Step[] steps)
    {
        var options = new TealOptions { ShutdownTimeout = Limit };
        return new GracefulShutdown(steps, _server, new Readiness([], _clock), options, _clock, NullLogger<GracefulShutdown>.Instance);
    }

    private Step Quick(DrainStage stage) => new(stage, _order, static _ => Task.CompletedTask);

    private Step Hanging(DrainStage stage) => new(stage, _order, static token => Task.Delay(Timeout.InfiniteTimeSpan, token));

    private sealed class Step(DrainStage stage, List<string> order, Func<CancellationToken, Task> drain) : IDrainStep
    {
        private Task? _draining;

        public DrainStage Stage => stage;

        public bool WasLateAtStart { get; private set; }

        public bool IsWaiting => _draining is { IsCompleted: false };

        public Task DrainAsync(CancellationToken cancellationToken)
        {
            WasLateAtStart = cancellationToken.IsCancellationRequested;
            order.Add(stage.ToString());
            return _draining = drain(cancellationToken);
        }
    }

    private sealed class Server(List<string> order) : IServer
    {
        public Func<CancellationToken, Task> Stops { get; set; } = static _ => Task.CompletedTask;

        public IFeatureCollection Features { get; } = new FeatureCollection();

        public Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken)
            where TContext : notnull => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken)
        {
            order.Add("server");
            return Stops(cancellationToken);
        }

        public void Dispose()
        {
        }
    }
}
