using System.Buffers;
using System.Diagnostics;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
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

    /// <summary>Has the connection hear how much its request takes as long as it has no end.</summary>
    public void TellHeads(EndpointConnection connection) => _input.Connection = connection;

    /// <summary>The request that was received is whole.</summary>
    public void BeginRequest() => _input.ForgetHead();

    /// <summary>It is over, and those that come do not wait for it.</summary>
    public void End()
    {
        _input.LeaveArrivals();
        _input.ForgetHead();
    }

    private sealed class FairReader(PipeReader input, Arrivals? arrivals) : PipeReader
    {
        // How much there may be at once, without a pause, before others have their turn.
        private const int MostImmediate = 16;

        // What is done with what was read may take this share of a thread that watches sockets; who takes more does without it for a while. A leaky bucket:
        // that another thread stopped this one for some milliseconds is not the connection's doing, and runs out of it. Nor is a garbage collection.
        private const double Share = 0.4;
        private static readonly long Most = Stopwatch.Frequency / 100;
        private static readonly long Banishment = Stopwatch.Frequency;

        // What the web server has taken is text: two bytes for each, and a target more than once.
        private const int BytesPerTaken = 4;

        private Arrivals? _arrivals = arrivals;

        // What has come of a request line and headers: how much the web server has taken and how much it has only looked at, in bytes.
        private int _taken;
        private int _left;
        private int _held;

        // Of what was read last, until it is taken.
        private SequencePosition _end;
        private int _length;
        private int _immediate;
        private long _turnBegan;
        private int _thread;
        private int _collections;
        private long _measured;
        private long _busy;
        private long _banishedUntil;

        public EndpointConnection? Connection { get; set; }

        public bool HasReceived => Volatile.Read(ref _turnBegan) != 0;

        public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
        {
            var isOver = IsOverItsShare();
            ProcessorTurn.GiveWay();
            var reading = input.ReadAsync(cancellationToken);
            _immediate = reading.IsCompleted ? _immediate + 1 : 0;

            // It was served once, or has nothing to say.
            if (_arrivals is not null && (HasReceived || !reading.IsCompleted)) LeaveArrivals();
            var whole = Connection is { AwaitsHead: true } ? ReadHead(reading) : reading;
            if (!isOver && _immediate <= MostImmediate) return whole;

            _immediate = 0;
            return GoOnOnPoolAsync(whole);
        }

        public void LeaveArrivals() => Interlocked.Exchange(ref _arrivals, null)?.Leave();

        public override bool TryRead(out ReadResult result)
        {
            if (!input.TryRead(out result)) return false;
            if (Connection is { AwaitsHead: true }) Note(result);
            return true;
        }

        public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

        public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
        {
            (_turnBegan, _thread, _collections) = (Stopwatch.GetTimestamp(), Environment.CurrentManagedThreadId, GC.CollectionCount(0));
            if (_end.GetObject() is not null)
            {
                _left = Length(consumed, _end);
                _taken += _length - _left;
                _end = default;
            }

            input.AdvanceTo(consumed, examined);
        }

        public void ForgetHead()
        {
            (_taken, _left, _end) = (0, 0, default);
            Hold(0);
        }

        public override void CancelPendingRead() => input.CancelPendingRead();

        public override void Complete(Exception? exception = null) => input.Complete(exception);

        private static int Length(SequencePosition from, SequencePosition to)
        {
            var (first, last) = ((ReadOnlySequenceSegment<byte>)from.GetObject()!, (ReadOnlySequenceSegment<byte>)to.GetObject()!);
            return (int)(last.RunningIndex + to.GetInteger() - first.RunningIndex - from.GetInteger());
        }

        private ValueTask<ReadResult> ReadHead(ValueTask<ReadResult> reading)
        {
            if (!reading.IsCompletedSuccessfully)
            {
                // There is more to come.
                if (_taken + _left > 0) Hold((BytesPerTaken * _taken) + Blocks(_left));
                return ReadHeadAsync(reading);
            }

            var result = reading.Result;
            Note(result);
            return new ValueTask<ReadResult>(result);
        }

        // Idle connections wait here, so nothing is allocated for it that could be used again.
        [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
        private async ValueTask<ReadResult> ReadHeadAsync(ValueTask<ReadResult> reading)
        {
            var result = await reading;
            Note(result);
            return result;
        }

        private void Note(in ReadResult result) => (_end, _length) = (result.Buffer.End, (int)result.Buffer.Length);

        private void Hold(int size)
        {
            if (size == _held) return;

            _held = size;
            Connection?.HoldHead(size);
        }

        private static int Blocks(int bytes) => (bytes + BlockPool.BlockSize - 1) / BlockPool.BlockSize * BlockPool.BlockSize;

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
