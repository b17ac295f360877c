using Microsoft.Extensions.Logging;
using Teal.Core.Hosting;
using Teal.Tests.Support;

namespace Teal.Tests.Core;

/// <summary>What strangers can repeat takes a few lines a minute, and none of it is hidden.</summary>
public sealed class RepeatedMessageTests
{
    private ManualTimeProvider _clock = null!;
    private LogRecorder _log = null!;
    private RepeatedMessage _message = null!;

    [SetUp]
    public void Make()
    {
        (_clock, _log) = (new ManualTimeProvider(), new LogRecorder());
        _message = new RepeatedMessage(_log.CreateLogger("test"), LogLevel.Warning, "It failed", _clock);
    }

    [TearDown]
    public void End() => _log.Dispose();

    [Test]
    public void IsNew_TheFirstTime_IsSaidAtOnceAndNotSummed()
    {
        _message.IsNew().Should().BeTrue();
        PassMinutes(3);

        _log.Lines.Should().BeEmpty();
    }

    [Test]
    public void IsNew_RepeatedWithinAMinute_IsOneSumAtItsEnd()
    {
        Repeat(1000).Should().Be(1);
        _log.Lines.Should().BeEmpty();
        PassMinutes(1);

        _log.Lines.Should().ContainSingle();
        _log.Lines[0].Level.Should().Be(LogLevel.Warning);
        _log.Lines[0].Text.Should().StartWith("It failed: 999 times more in the last 60 s");
    }

    [Test]
    public void IsNew_GoingOnForMinutes_IsOneLineAMinute()
    {
        var said = 0;
        for (var minute = 0; minute < 5; minute++)
        {
            said += Repeat(60, _ => _clock.Advance(TimeSpan.FromSeconds(1)));
            _log.Lines.Should().HaveCount(minute + 1);
        }

        said.Should().Be(1);
        (said + _log.Lines.Sum(static line => int.Parse(line.Text.Split(' ')[2]))).Should().Be(300);
    }

    [Test]
    public void IsNew_AfterAMinuteWithoutIt_IsSaidAgain()
    {
        Repeat(2).Should().Be(1);
        PassMinutes(2);

        Repeat(2).Should().Be(1);
    }

    [Test]
    public void IsNew_JustBeforeAMinuteEnds_IsNotSaidAgainInTheNext()
    {
        _message.IsNew("a");
        _clock.Advance(TimeSpan.FromSeconds(59));
        _message.IsNew("b").Should().BeTrue();
        _clock.Advance(TimeSpan.FromSeconds(2));

        _message.IsNew("b").Should().BeFalse();
    }

    [Test]
    public void IsNew_AboutManyThings_NamesSomeAndSumsTheOthers()
    {
        Repeat(1000, about: static i => $"192.0.2.{i % 250}").Should().Be(RepeatedMessage.MaximumSubjects);
        PassMinutes(1);

        _log.Lines.Should().HaveCount(RepeatedMessage.MaximumSubjects + 1);
        _log.Lines.Should().Contain(static line => line.Text.StartsWith("It failed (192.0.2.0): 3 times more"));
        _log.Lines.Should().Contain(static line => line.Text.StartsWith("It failed (others): 960 times more"));
    }

    [Test]
    public void IsNew_AboutOthersInEachMinute_StaysAFewLinesAMinute()
    {
        var said = 0;
        for (var minute = 0; minute < 10; minute++)
        {
            said += Repeat(100, about: i => $"{minute}.{i}");
            PassMinutes(1);
        }

        (said + _log.Lines.Count).Should().BeLessThan(10 * 2 * (RepeatedMessage.MaximumSubjects + 1)).And.BeGreaterThan(10);
    }

    [Test]
    public void TryEnd_AfterItWasSaidOrSummed_IsTrueOnceEach()
    {
        _message.TryEnd().Should().BeFalse();
        Repeat(1);
        _message.TryEnd().Should().BeTrue();

        Repeat(1);
        _message.TryEnd().Should().BeFalse();
        PassMinutes(1);
        _message.TryEnd().Should().BeTrue();
        _message.TryEnd().Should().BeFalse();
    }

    // Returns how often it had to be said.
    private int Repeat(int times, Action<int>? afterEach = null, Func<int, string>? about = null)
    {
        var said = 0;
        for (var i = 0; i < times; i++)
        {
            if (_message.IsNew(about?.Invoke(i) ?? "")) said++;
            afterEach?.Invoke(i);
        }

        return said;
    }

    private void PassMinutes(int minutes) => _clock.Advance(minutes * RepeatedMessage.Interval);
}
