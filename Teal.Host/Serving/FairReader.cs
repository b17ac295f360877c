using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Teal.Core.Hosting;

namespace Teal.Host.Serving;

/// <summary>Reads for <see cref="FairTransport"/>: sees what comes before the web server does, and who goes on on the pool.</summary>
/// <param name="input">What comes.</param>
/// <param name="arrivals">With whom the connection came; null: it came alone.</param>
internal sealed class FairReader(PipeReader input, Arrivals? arrivals) : PipeReader
{
    // How much there may be at once, without a pause, before others have their turn.
    private const int MostImmediate = 16;

    // Of what comes first.
    private const int ShortestPreface = 4;

    private Arrivals? _arrivals = arrivals;
    private HeadTurns.Turn? _turn;
    private HeadMeasure _head;
    private ThreadShare _share;

    // How much was read together with the end of the connection.
    private int _beforeEnd;
    private int _immediate;

    /// <summary>Who hears how much an unfinished request takes; null: nobody.</summary>
    public EndpointConnection? Connection { get; set; }

    /// <summary>Writes what is answered to that connection.</summary>
    public FairWriter? Output { get; set; }

    /// <summary>How much of an unfinished request line and headers the web server has taken, in bytes.</summary>
    public int Taken => _head.Taken;

    /// <summary>Whether what has come is the beginning of HTTP/2.</summary>
    public bool IsHttp2 { get; private set; }

    /// <summary>Whether anything has come.</summary>
    public bool HasReceived => _share.HasBegun;

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        if (Connection is { AwaitsHead: true }) Output!.AwaitRequest();
        var isOver = _share.End();
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

    /// <summary>The turn of a long request is over, where there was one.</summary>
    public void EndTurn() => Interlocked.Exchange(ref _turn, null)?.End();

    /// <summary>Those that came with it do not wait for it any more.</summary>
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

        _share.Begin();
        if (Connection is { AwaitsHead: true } connection) connection.Head.Append(_head.UpTo(consumed), connection.LongestHead);
        _head.Take(consumed, isBody: Connection is { AwaitsHead: false });
        input.AdvanceTo(consumed, examined);
    }

    /// <summary>What has come is a request now, or the connection is over.</summary>
    public void ForgetHead() => _head.Forget(Connection);

    /// <summary>The request is answered, whose body has that size in bytes.</summary>
    public void EndRequest(long bodySize)
    {
        Connection?.Head.Clear();
        _head.EndRequest(bodySize);
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

    private ValueTask<ReadResult> See(ValueTask<ReadResult> reading, EndpointConnection connection)
    {
        // Without a task of its own where it is there already.
        if (reading.IsCompletedSuccessfully)
        {
            var result = See(reading.Result, connection);
            return IsLong(result, connection) ? TakeTurnAsync(result, connection) : new ValueTask<ReadResult>(result);
        }

        // There is more of it to come.
        _head.HoldWaiting(connection);
        return SeeAsync(reading, connection);
    }

    // Idle connections wait here, so nothing is allocated for it that could be used again.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ReadResult> SeeAsync(ValueTask<ReadResult> reading, EndpointConnection connection)
    {
        var result = See(await reading, connection);
        return IsLong(result, connection) ? await TakeTurnAsync(result, connection) : result;
    }

    private static bool IsLong(ReadResult result, EndpointConnection connection) =>
        result.Buffer.Length > HeadTurns.LongSize && connection.AwaitsHead;

    // What has its turn takes several times as much as while it waits, but only a few have it.
    private async ValueTask<ReadResult> TakeTurnAsync(ReadResult result, EndpointConnection connection)
    {
        _head.HoldComplete(connection);
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
        _head.Read(result.Buffer);
        if (!result.IsCompleted || length == 0 || length == _beforeEnd) return result;

        // The web server takes a request's last bytes for an incomplete request where it sees the end behind them (a body with its length
        // is a whole one, RFC 9112 section 8). It sees the end alone, or again with what it could not take.
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
        (IsHttp2, Output!.IsGivenAway) = (true, true);
        _share.Begin();
        return new ReadResult(default, isCanceled: false, isCompleted: true);
    }

    private static async ValueTask<ReadResult> GoOnOnPoolAsync(ValueTask<ReadResult> reading)
    {
        var result = await reading;
        await Task.Yield();
        return result;
    }
}
