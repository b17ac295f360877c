using Teal.Host.Serving;
using Teal.Tests.Support;

namespace Teal.Tests.Host;

/// <summary>A storm is over, and its memory goes back.</summary>
[NonParallelizable]
public sealed class MemoryReturnTests
{
    private const long MiB = 1024 * 1024;

    private MemoryReturn _return = null!;
    private long _allocated;

    [SetUp]
    public void Make()
    {
        // Before it reads the same, as what other threads allocate in between would count as busy.
        _allocated = GC.GetTotalAllocatedBytes();
        _return = new MemoryReturn(new ManualTimeProvider());
        IsDue(20).Should().BeFalse();
    }

    [TearDown]
    public void End() => _return.Dispose();

    [Test]
    public void IsDue_AfterAStorm_IsSoUntilNothingMoreGoesAndThenNotAgain()
    {
        IsDue(120, busy: true).Should().BeFalse("as it is not over");
        long[] committed = [120, 100, 80, 60, 40, 40, 40, 40];
        committed.Should().AllSatisfy(size => IsDue(size).Should().BeTrue());
        for (var i = 0; i < 8; i++) IsDue(40).Should().BeFalse();
        long[] pooled = [40, 39, 38, 38, 38, 38];
        pooled.Should().AllSatisfy(size => IsDue(size).Should().BeTrue("what was in pools goes after half a minute"));
        for (var i = 0; i < 100; i++) IsDue(38).Should().BeFalse();

        IsDue(69).Should().BeFalse();
        IsDue(70).Should().BeTrue();
    }

    [Test]
    public void IsDue_AStormWithTheFirstCollection_IsAStorm()
    {
        using var own = new MemoryReturn(new ManualTimeProvider());
        var before = GC.GetTotalAllocatedBytes() + (10 * MiB);
        own.IsDue(0, before).Should().BeFalse();
        own.IsDue(0, before + (65 * MiB)).Should().BeFalse("as it is not over");
        own.IsDue((before * 5 / 4) + (100 * MiB), before + (66 * MiB)).Should().BeTrue();
    }

    [Test]
    public void IsDue_WhatNeverGoes_IsTriedAFewTimes()
    {
        Enumerable.Range(0, 100).Count(_ => IsDue(200)).Should().Be(8, "four times in each series");
        IsDue(240).Should().BeFalse("as it is less than a fourth more");
        IsDue(250).Should().BeTrue();
    }

    [Test]
    public void IsDue_WhatIsHeldForLong_IsTriedAgainEveryFiveMinutes()
    {
        Enumerable.Range(0, 100).Count(_ => IsDue(200)).Should().Be(8);
        Enumerable.Range(0, 150).Count(_ => IsDue(200)).Should().Be(8, "who held it may have left");
        Enumerable.Range(0, 1000).Count(_ => IsDue(20)).Should().BeLessThan(16, "when it is back, that is all");
    }

    [Test]
    public void IsDue_WhatGoesSlowly_IsTriedTwentyTimesInEachSeries() =>
        Enumerable.Range(0, 100).Count(i => IsDue(2000 - i)).Should().Be(40);

    [Test]
    public async Task Start_AfterAStorm_Collects()
    {
        var clock = new ManualTimeProvider();
        using var own = new MemoryReturn(clock);
        await own.StartAsync(CancellationToken.None);
        clock.Advance(MemoryReturn.Interval);
        var before = GC.CollectionCount(GC.MaxGeneration);
        var storm = Enumerable.Range(0, 100).Select(static _ => new byte[4 * MiB]).ToArray();
        GC.KeepAlive(storm);

        await Eventually.HoldsAsync(
            () =>
            {
                clock.Advance(MemoryReturn.Interval);
                return GC.CollectionCount(GC.MaxGeneration) > before;
            },
            "a collection");
        await own.StopAsync(CancellationToken.None);
    }

    private bool IsDue(long committed, bool busy = false)
    {
        _allocated += (busy ? 65 : 64) * MiB;
        return _return.IsDue(committed * MiB, _allocated);
    }
}
