using Microsoft.Extensions.Logging;
using Teal.Core.Hosting;
using Teal.Core.States;
using Teal.Tests.Support;

namespace Teal.Tests.Core;

public sealed class ExpirySweeperTests
{
    private static readonly TimeSpan Years = TimeSpan.FromDays(3650);

    private readonly ManualTimeProvider _clock = new();
    private readonly CallbackStateOptions _options = new();
    private readonly LogRecorder _log = new();
    private readonly MemoryCallbackStateStore _store;
    private readonly SweepCount _sweeps = new();
    private ExpirySweeper _sweeper = null!;

    public ExpirySweeperTests() => _store = new MemoryCallbackStateStore(_options, _clock);

    [SetUp]
    public async Task StartAsync()
    {
        await _store.PutAsync(
            new CallbackState("s", null, false, _clock.GetUtcNow().UtcDateTime.AddDays(1), "anonymous"), CancellationToken.None);
        _sweeper = await StartAsync([]);

        // It begins on another thread.
        await PassesUntilAsync(() => _sweeps.Count > 0);
    }

    [TearDown]
    public async Task StopAsync()
    {
        await _sweeper.StopAsync(CancellationToken.None);
        _sweeper.Dispose();
    }

    [Test]
    public async Task Sweep_OfWhatHasExpired_DeletesIt()
    {
        _clock.Advance(TimeSpan.FromDays(1));

        await PassesUntilAsync(() => _store.Count == 0);

        _log.Lines.Should().NotContain(static line => line.Level >= LogLevel.Warning);
    }

    [Test]
    public async Task Sweep_AfterAStoreGaveUp_GoesOn()
    {
        // As the libraries of stores do that give up waiting by themselves.
        _sweeps.Fault = new OperationCanceledException();
        await PassesUntilAsync(() => IsLogged(1012));
        _sweeps.Fault = null;
        var before = _sweeps.Count;

        await PassesUntilAsync(() => _sweeps.Count > before);
    }

    [Test]
    public async Task Sweep_WithAllStoresAway_IsToldOfOnce()
    {
        var second = new SweepCount { Fault = new TimeoutException() };
        await StopAsync();
        _sweeps.Fault = new TimeoutException();
        _sweeper = await StartAsync([], second);

        await PassesUntilAsync(() => second.Tries > 2);

        _log.Lines.Count(static line => line.Id.Id == 1012).Should().BeInRange(second.Tries - 1, second.Tries);
    }

    [Test]
    public async Task Sweep_WhileTheClockIsYearsAhead_DeletesNothingAndSaysSoOnce()
    {
        _clock.Jump(Years);
        await PassesUntilAsync(() => IsLogged(1013));
        await PassesUntilAsync(IsAtMinute(30));
        (await _store.FindAsync("s", CancellationToken.None)).Should().BeNull("by the clock it is over");
        _store.Count.Should().Be(1);

        _clock.Jump(-Years);
        await PassesUntilAsync(() => IsLogged(1014));

        (await _store.FindAsync("s", CancellationToken.None)).Should().NotBeNull();
        _log.Lines.Should().ContainSingle(static line => line.Level == LogLevel.Warning);
    }

    [Test]
    public async Task Sweep_AfterTheClockStayedAhead_DeletesWhatHasExpired()
    {
        _clock.Jump(Years);
        var before = _clock.GetTimestamp();

        await PassesUntilAsync(() => _store.Count == 0);

        _clock.GetElapsedTime(before).Should().BeGreaterThanOrEqualTo(_options.ClockJumpTolerance);
    }

    [Test]
    public async Task Start_WithAClockYearsAheadOfTheLastRun_DeletesNothingAtFirst()
    {
        await StopAsync();
        var record = new RunRecord { LastRun = _clock.GetUtcNow() };
        _clock.Jump(Years);

        _sweeper = await StartAsync([record]);
        await PassesUntilAsync(() => IsLogged(1015));
        await PassesUntilAsync(IsAtMinute(30));

        _store.Count.Should().Be(1);
        record.Recorded.Should().BeNull("a further start is to distrust it as well");

        await PassesUntilAsync(() => _store.Count == 0);
        record.Recorded.Should().BeCloseTo(_clock.GetUtcNow(), TimeSpan.FromMinutes(1));
    }

    private async Task<ExpirySweeper> StartAsync(IRunRecord[] records, params IExpirySweep[] further)
    {
        var logger = LoggerFactory.Create(logging => logging.AddProvider(_log).SetMinimumLevel(LogLevel.Debug))
            .CreateLogger<ExpirySweeper>();
        var sweeper = new ExpirySweeper([_store, _sweeps, .. further], records, _options, _clock, logger);
        await sweeper.StartAsync(CancellationToken.None);
        return sweeper;
    }

    private bool IsLogged(int id) => _log.Lines.Any(line => line.Id.Id == id);

    private Func<bool> IsAtMinute(int minutes)
    {
        var start = _clock.GetTimestamp();
        return () => _clock.GetElapsedTime(start) >= TimeSpan.FromMinutes(minutes);
    }

    private Task PassesUntilAsync(Func<bool> condition) => Eventually.HoldsAsync(
        () =>
        {
            if (condition()) return true;

            _clock.Advance(TimeSpan.FromMinutes(1));
            return false;
        },
        "what was to come with time");

    private sealed class SweepCount : IExpirySweep
    {
        public int Count { get; private set; }

        public int Tries { get; private set; }

        public Exception? Fault { get; set; }

        public ValueTask<int> SweepAsync(CancellationToken cancellationToken)
        {
            Tries++;
            if (Fault is not null) throw Fault;

            Count++;
            return ValueTask.FromResult(0);
        }
    }

    private sealed class RunRecord : IRunRecord
    {
        public DateTimeOffset LastRun { get; init; }

        public DateTimeOffset? Recorded { get; private set; }

        public void Record(DateTimeOffset now) => Recorded = now;
    }
}
