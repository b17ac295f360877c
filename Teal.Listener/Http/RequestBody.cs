using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Teal.Core.Events;

namespace Teal.Listener.Http;

/// <summary>A request's body, in one piece, and what it takes of the <see cref="BodyBudget"/> until it is disposed.</summary>
/// <param name="budget">What it shares with the other bodies.</param>
/// <param name="reader">Where it comes from.</param>
/// <param name="longest">How long it can become: what was announced, or the limit.</param>
internal sealed class RequestBody(BodyBudget budget, PipeReader reader, long longest) : IDisposable
{
    // Who has sent something may hold four times as much, whatever was announced.
    private const int FirstStep = 4096;
    private const int Growth = 4;

    private byte[] _bytes = [];
    private int _length;

    /// <summary>How many bytes it takes; the budget's lock guards it.</summary>
    public long Held { get; set; }

    /// <summary>Why it was not read to its end; null: it was, or is being read.</summary>
    public BodyFault? Fault { get; set; }

    /// <summary>What has come of it.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes.AsMemory(0, _length);

    /// <summary>
    /// Reads it to its end. False: it was ended before, and <see cref="Fault"/> says why. The web server's exceptions for a body that is too large, too slow or
    /// malformed pass through.
    /// </summary>
    public async ValueTask<bool> ReadAsync(TimeProvider clock, TimeSpan timeout)
    {
        if (!budget.TryBegin(this)) return false;

        using var deadline = clock.CreateTimer(
            static body => ((RequestBody)body!).End(BodyFault.TooSlow), this, timeout, Timeout.InfiniteTimeSpan);
        try
        {
            while (!await ReadPieceAsync())
            {
                if (Fault is not null) return false;
            }
        }
        catch (IOException exception) when (exception.InnerException is OverflowException)
        {
            // What the web server says of a chunk size that is more than an int holds; of other bad ones it says this.
            throw new BadHttpRequestException("A chunk is too large.", exception);
        }
        catch (Exception exception) when (exception is SocketException or IOException and not BadHttpRequestException)
        {
            Fault = BodyFault.Lost;
            return false;
        }

        return TryTrim() && budget.TryFinish(this);
    }

    /// <summary>Has the reader look at <see cref="Fault"/>. Only while it reads.</summary>
    public void StopWaiting()
    {
        try
        {
            reader.CancelPendingRead();
        }
        catch (OperationCanceledException)
        {
            // The connection is being closed, which the reader hears of by itself.
        }
    }

    /// <summary>Lets the bytes go: from now on the event that was made of them takes memory. False: there is no room for it.</summary>
    public bool TryBecome(TealEvent @event)
    {
        (_bytes, _length) = ([], 0);
        return budget.TryHold(this, @event.Size);
    }

    /// <inheritdoc/>
    public void Dispose() => budget.Release(this);

    private void End(BodyFault fault) => budget.End(this, fault);

    // True: it was the last one.
    private async ValueTask<bool> ReadPieceAsync()
    {
        var piece = await reader.ReadAsync();

        // Whoever ended it holds the budget's lock.
        if (piece.IsCanceled) await Task.Yield();

        var isTaken = Fault is null && TryMakeRoom(piece.Buffer.Length);
        if (isTaken)
        {
            piece.Buffer.CopyTo(_bytes.AsSpan(_length));
            _length += (int)piece.Buffer.Length;
        }

        reader.AdvanceTo(piece.Buffer.End);
        return isTaken && piece.IsCompleted;
    }

    private bool TryMakeRoom(long more)
    {
        var needed = _length + more;
        return needed <= _bytes.Length || TryResize(Math.Max(needed, Math.Min(longest, Math.Max(FirstStep, (long)Growth * _bytes.Length))));
    }

    // What was announced has its length by now.
    private bool TryTrim() => _length == _bytes.Length || TryResize(_length);

    private bool TryResize(long size)
    {
        if (!budget.TryHold(this, _bytes.Length + size)) return false;

        var resized = GC.AllocateUninitializedArray<byte>((int)size);
        Bytes.CopyTo(resized);
        _bytes = resized;
        return budget.TryHold(this, size);
    }
}
