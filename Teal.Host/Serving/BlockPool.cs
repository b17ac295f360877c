using System.Buffers;
using System.Collections.Concurrent;
using Microsoft.AspNetCore.Connections;

namespace Teal.Host.Serving;

/// <summary>
/// The memory into which the web server receives, and from which it sends: blocks of 16 KiB where its own are of 4 KiB, as
/// each block that is received costs two calls of the operating system. Where many are in use, as by clients that do not read,
/// further ones have 4 KiB. Connections without anything under way have none.
/// </summary>
internal sealed class BlockPool : MemoryPool<byte>, IMemoryPoolFactory<byte>
{
    /// <summary>How long a block is, in bytes, while few are in use.</summary>
    public const int BlockSize = 16 * 1024;

    /// <summary>How many of them are in use at most: 32 MiB.</summary>
    public const int MostBlocks = 2048;

    /// <summary>How long a further one is, in bytes.</summary>
    public const int SmallBlockSize = 4 * 1024;

    // How many are kept for the next ones, or a few more where several come back at once; the others are left to the garbage collector.
    private const int MostKept = 64;

    private readonly ConcurrentQueue<Block> _kept = new();
    private int _inUse;

    /// <inheritdoc/>
    public override int MaxBufferSize => BlockSize;

    /// <inheritdoc/>
    public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => new BlockPool();

    /// <inheritdoc/>
    public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, BlockSize);
        if (Interlocked.Increment(ref _inUse) <= MostBlocks || minBufferSize > SmallBlockSize)
            return _kept.TryDequeue(out var block) ? block : new Block(this, BlockSize);

        Interlocked.Decrement(ref _inUse);
        return new Block(null, SmallBlockSize);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
    }

    private void Return(Block block)
    {
        Interlocked.Decrement(ref _inUse);
        if (_kept.Count < MostKept) _kept.Enqueue(block);
    }

    /// <param name="pool">Where it goes back to; null: nowhere.</param>
    /// <param name="size">Its length in bytes.</param>
    private sealed class Block(BlockPool? pool, int size) : IMemoryOwner<byte>
    {
        public Memory<byte> Memory { get; } = GC.AllocateUninitializedArray<byte>(size);

        public void Dispose() => pool?.Return(this);
    }
}
