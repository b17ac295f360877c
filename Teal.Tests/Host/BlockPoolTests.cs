using System.Buffers;
using Teal.Host.Serving;

namespace Teal.Tests.Host;

/// <summary>What clients hold that do not read is bounded by their number.</summary>
public sealed class BlockPoolTests
{
    [Test]
    public void Rent_WhereManyAreInUse_GivesSmallBlocksUntilFewerAre()
    {
        using var pool = new BlockPool();
        var rented = Enumerable.Range(0, BlockPool.MostBlocks).Select(_ => pool.Rent(4096)).ToList();
        rented.Should().AllSatisfy(static block => block.Memory.Length.Should().Be(BlockPool.BlockSize));

        using (var small = pool.Rent(4096)) small.Memory.Length.Should().Be(BlockPool.SmallBlockSize);
        using (var asked = pool.Rent(8192)) asked.Memory.Length.Should().Be(BlockPool.BlockSize);
        using (var small = pool.Rent()) small.Memory.Length.Should().Be(BlockPool.SmallBlockSize);

        foreach (var block in rented) block.Dispose();
        var again = Enumerable.Range(0, BlockPool.MostBlocks).Select(_ => pool.Rent()).ToList();
        again.Should().AllSatisfy(static block => block.Memory.Length.Should().Be(BlockPool.BlockSize));
        foreach (var block in again) block.Dispose();
    }
}
