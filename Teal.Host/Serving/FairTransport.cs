using System.Diagnostics;
using System.IO.Pipelines;
using Teal.Core.Hosting;

namespace Teal.Host.Serving;

/// <summary>
/// A network connection that leaves the thread which watches its socket to others. What arrives is served there, as <see cref="InlineSockets"/> says; but
/// whoever sends without pause, or keeps it busy, goes on on the pool, and gives way there too.
/// </summary>
/// <param name="transport">The connection.</param>
/// <param name="arrivals">With whom it came; null: it came alone.</param>
internal sealed class FairTransport(IDuplexPipe transport, Arrivals? arrivals = null) : IDuplexPipe
{
    private readonly FairReader _input = new(transport.Input, arrivals);

    /// <inheritdoc/>
    public PipeReader Input => _input;

    /// <inheritdoc/>
    public PipeWriter Output => transport.Output;

    /// <summary>Whether anything has come.</summary>
    public bool HasReceived => _input.HasReceived;

    /// <summary>It is over, and those that come do not wait for it.</summary>
    public void End() => _input.LeaveArrivals();

    private sealed class FairReader(PipeReader input, Arrivals? arrivals) : PipeReader
    {
        // How much there may be at once, without a pause, before others have their turn.
        private const int MostImmediate = 16;

        // What is done with what was read may take this share of a thread that watches sockets; who takes more does without it for a while. A leaky bucket:
        // that another thread stopped this one for some milliseconds is not the connection's doing, and runs out of it. Nor is a garbage collection.
        private const double Share = 0.4;
        private static readonly long Most = Stopwatch.Frequency / 100;
        private static readonly long Banishment = Stopwatch.Frequency;

        private Arrivals? _arrivals = arrivals;
        private int _immediate;
        private long _turnBegan;
        private int _thread;
        private int _collections;
        private long _measured;
        private long _busy;
        private long _banishedUntil;

        public bool HasReceived => Volatile.Read(ref _turnBegan) != 0;

        public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
        {
            var isOver = IsOverItsShare();
            ProcessorTurn.GiveWay();
            var reading = input.ReadAsync(cancellationToken);
            _immediate = reading.IsCompleted ? _immediate + 1 : 0;

            // It was served once, or has nothing to say.
            if (_arrivals is not null && (HasReceived || !reading.IsCompleted)) LeaveArrivals();
            if (!isOver && _immediate <= MostImmediate) return reading;

            _immediate = 0;
            return GoOnOnPoolAsync(reading);
        }

        public void LeaveArrivals() => Interlocked.Exchange(ref _arrivals, null)?.Leave();

        public override bool TryRead(out ReadResult result) => input.TryRead(out result);

        public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

        public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
        {
            (_turnBegan, _thread, _collections) = (Stopwatch.GetTimestamp(), Environment.CurrentManagedThreadId, GC.CollectionCount(0));
            input.AdvanceTo(consumed, examined);
        }

        public override void CancelPendingRead() => input.CancelPendingRead();

        public override void Complete(Exception? exception = null) => input.Complete(exception);

        private static async ValueTask<ReadResult> GoOnOnPoolAsync(ValueTask<ReadResult> reading)
        {
            var result = await reading;
            await Task.Yield();
            return result;
        }

        private bool IsOverItsShare()
        {
            var now = Stopwatch.GetTimestamp();
            _busy = Math.Max(0, _busy - (long)((now - _measured) * Share));
            _measured = now;

            // On another thread than where it began: it waited for something meanwhile.
            var isItsOwn = _thread == Environment.CurrentManagedThreadId && !Thread.CurrentThread.IsThreadPoolThread && _collections == GC.CollectionCount(0);
            if (isItsOwn) _busy += now - _turnBegan;
            if (_busy > Most) _banishedUntil = now + Banishment;
            return now < _banishedUntil;
        }
    }
}
