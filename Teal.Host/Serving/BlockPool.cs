using System.Buffers;
using System.Collections.Concurrent;
using Microsoft.AspNetCore.Connections;

namespace Teal.Host.Serving;

/// <summary>
/// The memory into which the web server receives, and from which it sends: blocks of 16 KiB where its own are of 4 KiB, as each block that is received costs two calls of
/// the operating system. Connections without anything under way have none.
/// </summary>
internal sealed class BlockPool : MemoryPool<byte>, IMemoryPoolFactory<byte>
{
    private const int BlockSize = 16 * 1024;

    // What is kept for the next ones; what a storm took beyond that is left to the garbage collector.
    private const int MostKept = 64;

    private readonly ConcurrentStack<Block> _kept = new();
    private int _count;

    /// <inheritdoc/>
    public override int MaxBufferSize => BlockSize;

    /// <inheritdoc/>
    public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => new BlockPool();

    /// <inheritdoc/>
    public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, BlockSize);
        if (!_kept.TryPop(out var block)) return new Block(this);

        Interlocked.Decrement(ref _count);
        return block;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
    }

    private void Return(Block block)
    {
        if (Volatile.Read(ref _count) >= MostKept) return;

        Interlocked.Increment(ref _count);
        _kept.Push(block);
    }

    private sealed class Block(BlockPool pool) : IMemoryOwner<byte>
    {
        public Memory<byte> Memory { get; } = GC.AllocateUninitializedArray<byte>(BlockSize);

        public void Dispose() => pool.Return(this);
    }
}
