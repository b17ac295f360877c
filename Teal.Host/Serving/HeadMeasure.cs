using System.Buffers;

namespace Teal.Host.Serving;

/// <summary>
/// How much of a request line and headers has come that have no end yet, and how much memory that takes (<see cref="HeadBudget"/>). A part
/// of <see cref="FairReader"/> and not an object of its own, as every idle connection has one.
/// </summary>
internal struct HeadMeasure
{
    // What the web server has taken is text: two bytes for each, and a target more than once.
    private const int BytesPerTaken = 4;

    // How much the web server has taken and how much it has only looked at, and what was said of that last, in bytes.
    private int _taken;
    private int _left;
    private int _held;

    // Of what was read last, until it is taken.
    private int _length;
    private SequencePosition _start;
    private SequencePosition _end;

    // Of a request under way: how much of it was taken; behind it: how much is still to come. In bytes.
    private long _takenOfBody;
    private long _rest;

    /// <summary>How much the web server has taken, in bytes.</summary>
    public readonly int Taken => _taken;

    /// <summary>This has come, together with what the web server left before.</summary>
    public void Read(in ReadOnlySequence<byte> buffer) => (_start, _end, _length) = (buffer.Start, buffer.End, (int)buffer.Length);

    /// <summary>What was read last, up to there; empty: it was taken already.</summary>
    public readonly ReadOnlySequence<byte> UpTo(SequencePosition consumed) => _end.GetObject() is null ? default
        : new((ReadOnlySequenceSegment<byte>)_start.GetObject()!, _start.GetInteger(),
            (ReadOnlySequenceSegment<byte>)consumed.GetObject()!, consumed.GetInteger());

    /// <summary>The web server has taken what was read last up to there.</summary>
    /// <param name="consumed">Where it goes on.</param>
    /// <param name="isBody">Whether it belongs to a request that is under way.</param>
    public void Take(SequencePosition consumed, bool isBody)
    {
        if (_end.GetObject() is null) return;

        var left = Length(consumed, _end);
        var taken = _length - left;
        (_start, _end) = (default, default);
        if (isBody)
        {
            _takenOfBody += taken;
            return;
        }

        var rest = (int)Math.Min(_rest, taken);
        _rest -= rest;
        (_taken, _left) = (_taken + taken - rest, left);
    }

    /// <summary>The request is answered. What its sender had announced and nobody has read is no request line of the next one.</summary>
    public void EndRequest(long bodySize) => _rest = Math.Max(0, bodySize - _takenOfBody);

    /// <summary>Says what it takes while it waits for more.</summary>
    public void HoldWaiting(EndpointConnection connection)
    {
        // More than any head has was the rest of a body that did not say its size, and that nobody wanted.
        if (_taken > connection.LongestHead) _taken = 0;
        if (connection.AwaitsHead) Hold(connection, (BytesPerTaken * _taken) + Blocks(_left));
    }

    /// <summary>Says what it takes while it waits for its turn: what waits counts as it lies there.</summary>
    public void HoldComplete(EndpointConnection connection) => Hold(connection, (BytesPerTaken * _taken) + Blocks(_length));

    /// <summary>There is none any more: it is a request now, or the connection is over.</summary>
    public void Forget(EndpointConnection? connection)
    {
        (_taken, _left, _takenOfBody, _rest, _start, _end) = (0, 0, 0, 0, default, default);
        Hold(connection, 0);
    }

    private static int Length(SequencePosition from, SequencePosition to)
    {
        var (first, last) = ((ReadOnlySequenceSegment<byte>)from.GetObject()!, (ReadOnlySequenceSegment<byte>)to.GetObject()!);
        return (int)(last.RunningIndex + to.GetInteger() - first.RunningIndex - from.GetInteger());
    }

    private static int Blocks(int bytes) => (bytes + BlockPool.BlockSize - 1) / BlockPool.BlockSize * BlockPool.BlockSize;

    private void Hold(EndpointConnection? connection, int size)
    {
        if (size == _held) return;

        _held = size;
        connection?.HoldHead(size);
    }
}
