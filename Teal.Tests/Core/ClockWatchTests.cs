using Teal.Core.States;
using Teal.Tests.Support;

namespace Teal.Tests.Core;

public sealed class ClockWatchTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1), Hour = TimeSpan.FromHours(1), Year = TimeSpan.FromDays(365);

    private readonly ManualTimeProvider _clock = new();

    [Test]
    public void Look_AsTimeGoesOn_Believes()
    {
        var watch = Watch();

        _clock.Advance(Year);
        watch.Look().Should().Be(ClockTrust.Believed, "a year has passed");
        foreach (var jump in new[] { -Year, Hour, TimeSpan.FromMinutes(59), -Hour })
        {
            _clock.Jump(jump);
            watch.Look().Should().Be(ClockTrust.Believed);
        }
    }

    [Test]
    public void Look_WhileTheProcessIsStopped_SeesNoJump()
    {
        var clock = new StoppingClock(_clock);
        var watch = new ClockWatch(clock, Hour, clock.GetUtcNow());

        for (var i = 0; i < 3; i++)
        {
            clock.StopsNext = true;
            watch.Look().Should().Be(ClockTrust.Believed);
        }
    }

    [Test]
    public void Look_AfterAJumpAhead_DistrustsForAsLong()
    {
        var watch = Watch();

        _clock.Jump(Year);
        watch.Look().Should().Be(ClockTrust.JumpedAhead);
        watch.Ahead.Should().Be(Year);
        _clock.Advance(Hour - Minute);
        watch.Look().Should().Be(ClockTrust.Distrusted);
        _clock.Advance(Minute);
        watch.Look().Should().Be(ClockTrust.BelievedAgain);
        _clock.Advance(Minute);
        watch.Look().Should().Be(ClockTrust.Believed);
    }

    [Test]
    public void Look_AfterAJumpAheadAndBack_Believes()
    {
        var watch = Watch();
        _clock.Jump(Year);
        watch.Look();

        _clock.Advance(Minute);
        _clock.Jump(-Year);

        watch.Look().Should().Be(ClockTrust.BelievedAgain);
        watch.Look().Should().Be(ClockTrust.Believed);
    }

    [Test]
    public void Look_AfterASecondJump_WaitsFromThen()
    {
        var watch = Watch();
        _clock.Jump(Year);
        watch.Look();

        _clock.Advance(Hour - Minute);
        _clock.Jump(Year);
        watch.Look().Should().Be(ClockTrust.Distrusted);
        _clock.Advance(Hour - Minute);
        watch.Look().Should().Be(ClockTrust.Distrusted);
        _clock.Advance(Minute);
        watch.Look().Should().Be(ClockTrust.BelievedAgain);
    }

    [Test]
    public void Look_ForTheFirstTimeLongAfterTheLastRun_Distrusts() =>
        new ClockWatch(_clock, Hour, _clock.GetUtcNow() - Year).Look().Should().Be(ClockTrust.JumpedAhead);

    [Test]
    public void Look_WithoutATolerance_AlwaysBelieves()
    {
        var watch = new ClockWatch(_clock, TimeSpan.Zero, _clock.GetUtcNow());

        _clock.Jump(Year);

        watch.Look().Should().Be(ClockTrust.Believed);
    }

    private ClockWatch Watch() => new(_clock, Hour, _clock.GetUtcNow());

    /// <summary>A process that is stopped for a year once it has read the time of day.</summary>
    private sealed class StoppingClock(ManualTimeProvider clock) : TimeProvider
    {
        public bool StopsNext { get; set; }

        public override long TimestampFrequency => clock.TimestampFrequency;

        public override long GetTimestamp() => clock.GetTimestamp();

        public override DateTimeOffset GetUtcNow()
        {
            var now = clock.GetUtcNow();
            if (StopsNext) clock.Advance(Year);
            StopsNext = false;
            return now;
        }
    }
}
