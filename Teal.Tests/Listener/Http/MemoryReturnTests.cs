using Teal.Listener.Http;
using Teal.Tests.Support;

namespace Teal.Tests.Listener.Http;

/// <summary>A storm is over, and its memory goes back.</summary>
public sealed class MemoryReturnTests
{
    private static readonly long Enough = 4 * GC.GetTotalMemory(forceFullCollection: false) + (1L << 30);

    [Test]
    public async Task Begin_WithNothingElseToDo_CollectsAfterAWhile()
    {
        var clock = new ManualTimeProvider();
        var before = GC.CollectionCount(GC.MaxGeneration);

        new MemoryReturn(clock).Begin(Enough);
        clock.Advance(MemoryReturn.Interval);

        await Eventually.HoldsAsync(() => GC.CollectionCount(GC.MaxGeneration) > before, "a collection");
    }

    [Test]
    public void Begin_WhereMuchMoreLives_DoesNothing()
    {
        var clock = new ManualTimeProvider();
        GC.Collect();
        var before = GC.CollectionCount(GC.MaxGeneration);

        new MemoryReturn(clock).Begin(1);
        clock.Advance(MemoryReturn.Interval);

        GC.CollectionCount(GC.MaxGeneration).Should().Be(before);
    }
}
