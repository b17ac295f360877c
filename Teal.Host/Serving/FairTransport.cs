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
    private FairWriter? _output;

    /// <inheritdoc/>
    public PipeReader Input => _input;

    /// <inheritdoc/>
    public PipeWriter Output => _output ?? transport.Output;

    /// <summary>Whether anything has come.</summary>
    public bool HasReceived => _input.HasReceived;

    /// <summary>Whether what has come is the beginning of HTTP/2 (RFC 9113 section 3.4). Nothing of it was taken, and for who speaks HTTP/1.1 the connection was ended.</summary>
    public bool IsHttp2 => _input.IsHttp2;

    /// <summary>Has the connection hear how much its request takes as long as it has no end, and what the web server refuses.</summary>
    public void Tell(EndpointConnection connection)
    {
        _input.Connection = connection;
        _input.Output = _output = new FairWriter(transport.Output, connection);
    }

    /// <summary>The request that was received is whole. Returns whether its line and headers are long.</summary>
    public bool BeginRequest()
    {
        _output?.BeginRequest();
        var isLong = _input.Taken > HeadTurns.LongSize;
        _input.ForgetHead();
        return isLong;
    }

    /// <summary>It was answered. What its sender had announced and nobody has read is no request line of the next one.</summary>
    /// <param name="bodySize">The size of its body, in bytes; null: it has none, or did not say.</param>
    public void EndRequest(long? bodySize) => _input.EndRequest(bodySize ?? 0);

    /// <summary>It is over, and those that come do not wait for it.</summary>
    public void End()
    {
        _input.LeaveArrivals();
        _input.EndTurn();
        _input.ForgetHead();
    }

    private sealed class FairReader(PipeReader input, Arrivals? arrivals) : PipeReader
    {
        // How much there may be at once, without a pause, before others have their turn.
        private const int MostImmediate = 16;

        // What is done with what was read may take this share of a thread that watches sockets; who takes more does without it for a while. A leaky bucket.
        // That another thread had the processor is not the connection's doing, nor is a garbage collection.
        private const double Share = 0.4;
        private static readonly long Most = Stopwatch.Frequency / 100;
        private static readonly long Banishment = Stopwatch.Frequency;

        // What the web server has taken is text: two bytes for each, and a target more than once.
        private const int BytesPerTaken = 4;

        // Of what comes first.
        private const int ShortestPreface = 4;

        private Arrivals? _arrivals = arrivals;
        private HeadTurns.Turn? _turn;

        // What has come of a request line and headers: how much the web server has taken and how much it has only looked at, in bytes.
        private int _taken;
        private int _left;
        private int _held;

        // Of a request under way: how much of it was taken; behind it: how much is still to come. In bytes.
        private long _takenOfBody;
        private long _rest;

        // Of what was read last, until it is taken.
        private SequencePosition _end;
        private int _length;

        // How much was read together with the end of the connection.
        private int _beforeEnd;
        private int _immediate;
        private long _turnBegan;
        private int _thread;
        private int _collections;
        private long _measured;
        private long _busy;
        private long _banishedUntil;

        public EndpointConnection? Connection { get; set; }

        public FairWriter? Output { get; set; }

        public int Taken => _taken;

        public bool IsHttp2 { get; private set; }

        public bool HasReceived => Volatile.Read(ref _turnBegan) != 0;

        public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
        {
            if (Connection is { AwaitsHead: true }) Output!.AwaitRequest();
            var isOver = IsOverItsShare();
            ProcessorTurn.GiveWay();
            var reading = input.ReadAsync(cancellationToken);
            _immediate = reading.IsCompleted ? _immediate + 1 : 0;

            // It was served once, or has nothing to say.
            if (_arrivals is not null && (HasReceived || !reading.IsCompleted)) LeaveArrivals();
            var seen = Connection is { IsHttp1: true } connection ? See(reading, connection) : reading;
            if (!isOver && _immediate <= MostImmediate) return seen;

            _immediate = 0;
            return GoOnOnPoolAsync(seen);
        }

        public void EndTurn() => Interlocked.Exchange(ref _turn, null)?.End();

        public void LeaveArrivals() => Interlocked.Exchange(ref _arrivals, null)?.Leave();

        public override bool TryRead(out ReadResult result)
        {
            if (Connection is { AwaitsHead: true }) Output!.AwaitRequest();
            if (!input.TryRead(out result)) return false;
            if (Connection is { IsHttp1: true } connection) result = See(result, connection);
            return true;
        }

        public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

        public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
        {
            if (IsHttp2) return;

            (_turnBegan, _thread, _collections) = (Stopwatch.GetTimestamp(), Environment.CurrentManagedThreadId, GC.CollectionCount(0));
            if (_end.GetObject() is not null)
            {
                var left = Length(consumed, _end);
                Count(_length - left, left);
                _end = default;
            }

            input.AdvanceTo(consumed, examined);
        }

        public void ForgetHead()
        {
            (_taken, _left, _takenOfBody, _rest, _end) = (0, 0, 0, 0, default);
            Hold(0);
        }

        public void EndRequest(long bodySize)
        {
            _rest = Math.Max(0, bodySize - _takenOfBody);
            EndTurn();
        }

        public override void CancelPendingRead()
        {
            if (!IsHttp2) input.CancelPendingRead();
        }

        public override void Complete(Exception? exception = null)
        {
            if (!IsHttp2) input.Complete(exception);
        }

        private static int Length(SequencePosition from, SequencePosition to)
        {
            var (first, last) = ((ReadOnlySequenceSegment<byte>)from.GetObject()!, (ReadOnlySequenceSegment<byte>)to.GetObject()!);
            return (int)(last.RunningIndex + to.GetInteger() - first.RunningIndex - from.GetInteger());
        }

        private void Count(int taken, int left)
        {
            if (Connection is { AwaitsHead: false })
            {
                _takenOfBody += taken;
                return;
            }

            var rest = (int)Math.Min(_rest, taken);
            _rest -= rest;
            (_taken, _left) = (_taken + taken - rest, left);
        }

        private ValueTask<ReadResult> See(ValueTask<ReadResult> reading, EndpointConnection connection)
        {
            // Without a task of its own where it is there already.
            if (reading.IsCompletedSuccessfully)
            {
                var result = See(reading.Result, connection);
                return IsLong(result, connection) ? TakeTurnAsync(result, connection) : new ValueTask<ReadResult>(result);
            }

            // There is more of it to come. More than any head has was the rest of a body that did not say its size, and that nobody wanted.
            if (_taken > connection.LongestHead) _taken = 0;
            if (connection.AwaitsHead) Hold((BytesPerTaken * _taken) + Blocks(_left));
            return SeeAsync(reading, connection);
        }

        // Idle connections wait here, so nothing is allocated for it that could be used again.
        [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
        private async ValueTask<ReadResult> SeeAsync(ValueTask<ReadResult> reading, EndpointConnection connection)
        {
            var result = See(await reading, connection);
            return IsLong(result, connection) ? await TakeTurnAsync(result, connection) : result;
        }

        private static bool IsLong(ReadResult result, EndpointConnection connection) => result.Buffer.Length > HeadTurns.LongSize && connection.AwaitsHead;

        // What waits counts as it lies there; what has its turn takes several times as much, but only a few have it.
        private async ValueTask<ReadResult> TakeTurnAsync(ReadResult result, EndpointConnection connection)
        {
            Hold((BytesPerTaken * _taken) + Blocks(_length));
            if (_turn is { Over.IsCompleted: false }) return result;

            _turn = connection.EnterTurn();
            LeaveArrivals();
            await _turn.Begun.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            return result;
        }

        private ReadResult See(ReadResult result, EndpointConnection connection)
        {
            if (!HasReceived && connection.MaySpeakHttp2 && BeginsAsHttp2(result.Buffer)) return LeaveToHttp2(result);

            var length = (int)result.Buffer.Length;
            (_end, _length) = (result.Buffer.End, length);
            if (!result.IsCompleted || length == 0 || length == _beforeEnd) return result;

            // The web server takes a request's last bytes for an incomplete request where it sees the end behind them (a body with its length is a whole one, RFC
            // 9112 section 8). It sees the end alone, or again with what it could not take.
            _beforeEnd = length;
            return new ReadResult(result.Buffer, result.IsCanceled, isCompleted: false);
        }

        // A client with prior knowledge sends its preface at once. No method begins so.
        private static bool BeginsAsHttp2(in ReadOnlySequence<byte> buffer)
        {
            var first = buffer.FirstSpan;
            var preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8;
            return first.Length >= ShortestPreface && (first.Length < preface.Length ? preface.StartsWith(first) : first.StartsWith(preface));
        }

        private ReadResult LeaveToHttp2(ReadResult result)
        {
            input.AdvanceTo(result.Buffer.Start);
            (IsHttp2, Output!.IsGivenAway, _turnBegan) = (true, true, Stopwatch.GetTimestamp());
            return new ReadResult(default, isCanceled: false, isCompleted: true);
        }

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
            if (isItsOwn) _busy += ProcessorTurn.Used(now - _turnBegan);
            if (_busy > Most) _banishedUntil = now + Banishment;
            return now < _banishedUntil;
        }
    }
}
