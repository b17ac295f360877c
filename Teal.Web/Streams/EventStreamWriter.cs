using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace Teal.Web.Streams;

/// <summary>
/// Writes an answer's body, and notes when its client took what was sent: it can say nothing itself, so that is when it was heard.
/// </summary>
internal sealed class EventStreamWriter(PipeWriter body, TimeProvider clock) : PipeWriter
{
    private long _lastTaken = clock.GetTimestamp();

    /// <summary>When the client took something last, a timestamp of the clock.</summary>
    public long LastTaken => Volatile.Read(ref _lastTaken);

    /// <inheritdoc/>
    public override bool CanGetUnflushedBytes => body.CanGetUnflushedBytes;

    /// <inheritdoc/>
    public override long UnflushedBytes => body.UnflushedBytes;

    /// <inheritdoc/>
    public override Memory<byte> GetMemory(int sizeHint = 0) => body.GetMemory(sizeHint);

    /// <inheritdoc/>
    public override Span<byte> GetSpan(int sizeHint = 0) => body.GetSpan(sizeHint);

    /// <inheritdoc/>
    public override void Advance(int bytes) => body.Advance(bytes);

    /// <inheritdoc/>
    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        var flushing = body.FlushAsync(cancellationToken);
        if (!flushing.IsCompletedSuccessfully) return FlushAsync(flushing);

        Note();
        return flushing;
    }

    /// <inheritdoc/>
    public override void CancelPendingFlush() => body.CancelPendingFlush();

    /// <inheritdoc/>
    public override void Complete(Exception? exception = null)
    {
        // The web server completes it, when the request is over.
    }

    // Nothing is left of it between two messages.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<FlushResult> FlushAsync(ValueTask<FlushResult> flushing)
    {
        var result = await flushing;
        Note();
        return result;
    }

    private void Note() => Volatile.Write(ref _lastTaken, clock.GetTimestamp());
}
