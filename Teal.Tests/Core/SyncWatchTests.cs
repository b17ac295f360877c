using System.Diagnostics;
using Teal.Core.Hosting;

namespace Teal.Tests.Core;

public sealed class SyncWatchTests
{
    private static readonly long Millisecond = Stopwatch.Frequency / 1_000;

    private SyncWatch _watch = null!;
    private long _now;

    [SetUp]
    public void SetUp() => (_watch, _now) = (new SyncWatch(), 1_000 * Millisecond);

    [Test]
    public void Nothing_IsLate_WhereNobodySyncs()
    {
        _watch.IsLate(_now).Should().BeFalse();
        Sync(Millisecond);
        _watch.IsLate(_now).Should().BeFalse();
    }

    [Test]
    public void Sync_IsLateForAMillisecond_AfterThreeTimesWhatItTakesUsually()
    {
        Repeat(Millisecond);

        Sync(Millisecond * 29 / 10).Should().BeFalse();
        _watch.Begin(_now);
        _watch.IsLate(_now + (Millisecond * 2)).Should().BeFalse();
        _watch.IsLate(_now + (Millisecond * 33 / 10)).Should().BeTrue();
        _watch.IsLate(_now + (Millisecond * 5)).Should().BeFalse("a slow disk has nothing of a longer pause");
        _watch.End(_now + (Millisecond * 5)).Should().BeTrue();
    }

    [Test]
    public void Sync_OfAFastDisk_IsLateAfterHalfAMillisecond()
    {
        Repeat(Millisecond / 20);

        _watch.Begin(_now);
        _watch.IsLate(_now + (Millisecond * 4 / 10)).Should().BeFalse();
        _watch.IsLate(_now + (Millisecond * 6 / 10)).Should().BeTrue();
    }

    [Test]
    public void Disk_ThatBecomesSlower_IsNotLateForLong()
    {
        Repeat(Millisecond);

        var late = Enumerable.Range(0, 1_000).Count(_ => Sync(Millisecond * 10));

        late.Should().BeInRange(1, 100);
        Sync(Millisecond * 10).Should().BeFalse();
        Sync(Millisecond).Should().BeFalse();
        Sync(Millisecond * 10).Should().BeTrue("it was fast again");
    }

    private void Repeat(long took)
    {
        for (var i = 0; i < 2_000; i++) Sync(took);
    }

    private bool Sync(long took)
    {
        _watch.Begin(_now);
        _now += took;
        return _watch.End(_now);
    }
}
