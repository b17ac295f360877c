using System.Buffers;
using System.IO.Pipelines;
using Teal.Web.Sessions;

namespace Teal.Web.WebSockets;

/// <summary>
/// What the websocket reads from and writes to: the network connection's input, and the queue that everything for the client goes through,
/// so that the websocket's own frames stand between messages and never within one.
/// </summary>
internal sealed class WebSocketStream(PipeReader input, SendQueue queue, TimeProvider clock) : Stream
{
    private long _lastHeard = clock.GetTimestamp();

    /// <summary>When the client was heard last, a timestamp of the clock.</summary>
    public long LastHeard => Volatile.Read(ref _lastHeard);

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Reads what is there; with an empty <paramref name="buffer"/> it waits until something is. 0 at the end.</summary>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var result = await input.ReadAsync(cancellationToken);
        Volatile.Write(ref _lastHeard, clock.GetTimestamp());
        var count = (int)Math.Min(result.Buffer.Length, buffer.Length);
        var taken = result.Buffer.Slice(0, count);
        taken.CopyTo(buffer.Span);

        // From here on the memory, and what is known of it, may be another reader's.
        input.AdvanceTo(taken.End);
        return count;
    }

    /// <summary>Takes one whole frame.</summary>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        queue.SendControlAsync(buffer, isLast: WebSocketFraming.IsClose(buffer.Span));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Flush()
    {
        // Each frame is sent as it is written.
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
