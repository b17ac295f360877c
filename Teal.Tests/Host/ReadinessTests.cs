using Teal.Core.Hosting;
using Teal.Host.Serving;
using Teal.Tests.Support;

namespace Teal.Tests.Host;

/// <summary>However often somebody asks for the readiness, what the process depends on is asked once a second.</summary>
public sealed class ReadinessTests
{
    private readonly ManualTimeProvider _clock = new();
    private readonly Probe _probe = new();

    [Test]
    public async Task Check_ManyTimesWithinASecond_AsksOnce()
    {
        var readiness = new Readiness([_probe], _clock);
        _probe.Answer.SetResult(DependencyState.Ok);
        for (var i = 0; i < 100; i++) (await CheckAsync(readiness)).Should().Be(DependencyState.Ok);
        _probe.Asked.Should().Be(1);

        _probe.Answer = new TaskCompletionSource<DependencyState>();
        _probe.Answer.SetResult(DependencyState.Full);
        _clock.Advance(TimeSpan.FromSeconds(1));

        (await CheckAsync(readiness)).Should().Be(DependencyState.Full);
        _probe.Asked.Should().Be(2);
    }

    [Test]
    public async Task Check_WhileItIsAsked_WaitsForTheSameAnswer()
    {
        var readiness = new Readiness([_probe], _clock);
        var checks = Enumerable.Range(0, 100).Select(_ => CheckAsync(readiness)).ToArray();
        using var gone = new CancellationTokenSource();
        var left = readiness.CheckAsync(gone.Token);
        await gone.CancelAsync();
        await FluentActions.Awaiting(() => left).Should().ThrowAsync<OperationCanceledException>();

        await _probe.Begun.Task.WithinLimit();
        _probe.Answer.SetResult(DependencyState.Ok);

        (await Task.WhenAll(checks).WithinLimit()).Should().AllBeEquivalentTo(DependencyState.Ok);
        _probe.Asked.Should().Be(1);
    }

    [Test]
    public async Task Check_OfAProbeThatHangs_IsUnreachable()
    {
        var readiness = new Readiness([_probe], _clock);
        var checking = CheckAsync(readiness);
        await _probe.Begun.Task.WithinLimit();

        // The limit begins a moment after the probe is asked.
        await Eventually.HoldsAsync(() =>
        {
            _clock.Advance(TimeSpan.FromSeconds(2));
            return checking.IsCompleted;
        }, "an answer");

        (await checking).Should().Be(DependencyState.Unreachable);
    }

    private static async Task<DependencyState> CheckAsync(Readiness readiness) =>
        (await readiness.CheckAsync(CancellationToken.None).WithinLimit()).Single().State;

    private sealed class Probe : IDependencyProbe
    {
        public int Asked { get; private set; }

        public TaskCompletionSource Begun { get; } = new();

        public TaskCompletionSource<DependencyState> Answer { get; set; } = new();

        public string Name => "store";

        public ValueTask<DependencyState> CheckAsync(CancellationToken cancellationToken)
        {
            Asked++;
            Begun.TrySetResult();
            return new ValueTask<DependencyState>(Answer.Task);
        }
    }
}
