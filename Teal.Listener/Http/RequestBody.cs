using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Teal.Core.Addresses;
using Teal.Core.Events;

namespace Teal.Listener.Http;

/// <summary>A request's body, in one piece, and what it takes of the <see cref="BodyBudget"/> until it is disposed.</summary>
/// <param name="budget">What it shares with the other bodies.</param>
/// <param name="turns">When it is read on, once it is long.</param>
/// <param name="reader">Where it comes from.</param>
/// <param name="announced">How long it is, as its sender says; null: he does not.</param>
/// <param name="limit">How long it can become.</param>
internal sealed class RequestBody(BodyBudget budget, BodyTurns turns, PipeReader reader, long? announced, long limit) : IDisposable
{
    // It comes in blocks, of which none is a large object, and becomes one piece when it is whole. The first ones are small: who has sent
    // something may hold twice as much, whatever was announced.
    private const int SmallestBlock = 4 * 1024;
    private const int LargestBlock = 64 * 1024;

    // A longer one waits for its turn before each piece, and before it is made one: that takes long for a thread that watches sockets.
    private const int Long = 64 * 1024;

    // What is decoded at once, and how many times as long a long body may become by that: more is nobody's text, and costs its
    // sender nothing.
    private const int DecodedAtOnce = 16 * 1024;
    private const int MostRatio = 200;

    private readonly List<byte[]> _full = [];
    private byte[] _block = [];
    private int _inBlock;
    private long _length;

    // Among the long ones; 0: it is not long.
    private long _number;

    // Whether it is among those that wait for their answers.
    private bool _hasPlace;

    /// <summary>Whose it is; null: its sender cannot be told apart from others.</summary>
    public ClientNetwork? Client { get; init; }

    /// <summary>Whether all of it has come.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>How many bytes it takes; the budget's lock guards it.</summary>
    public long Held { get; set; }

    /// <summary>When it began to come; a timestamp of the clock.</summary>
    public long Since { get; set; }

    /// <summary>Why it was not read to its end; null: it was, or is being read.</summary>
    public BodyFault? Fault { get; set; }

    /// <summary>Its bytes, once it was read.</summary>
    public ReadOnlyMemory<byte> Bytes { get; private set; }

    /// <summary>
    /// Reads it to its end. False: it was ended before, and <see cref="Fault"/> says why. The web server's exceptions for a
    /// body that is too large, too slow or malformed pass through.
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

        IsComplete = true;
        if (_length > Long)
        {
            await NextTurnAsync();
            turns.BeginWhole();
            _hasPlace = true;
        }

        return TryJoin() && budget.TryFinish(this);
    }

    /// <summary>
    /// Has <see cref="Bytes"/> be what they were before they were compressed. False: there is no room for it, and
    /// <see cref="Fault"/> says so. Throws <see cref="InvalidDataException"/> where they are not compressed so, and
    /// <see cref="BadHttpRequestException"/> with 413 where they become too long.
    /// </summary>
    public async ValueTask<bool> DecodeAsync(ContentCoding coding)
    {
        var encoded = Bytes;
        (Bytes, _block, _inBlock, _length, announced) = (default, [], 0, 0, null);
        var piece = ArrayPool<byte>.Shared.Rent(DecodedAtOnce);
        try
        {
            using var decoded = coding.Decode(encoded);
            for (int count; (count = coding.ReadDecoded(decoded, piece, encoded.Span, _length)) > 0;)
            {
                var length = _length + count;
                if (length > limit || (length > Long && length / MostRatio > encoded.Length))
                    throw new BadHttpRequestException("The decoded body is too large.", StatusCodes.Status413PayloadTooLarge);
                if (!TryAppend(new ReadOnlySequence<byte>(piece, 0, count))) return false;

                // While one has a place there may be no turns.
                if (_hasPlace) await Task.Yield();
                else if (length > Long) await NextTurnAsync();
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }

        if (_length > Long && !_hasPlace)
        {
            turns.BeginWhole();
            _hasPlace = true;
        }

        return TryJoin() && budget.TryHold(this, Bytes.Length);
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
        Bytes = default;
        return budget.TryHold(this, @event.Size);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        budget.Release(this);
        if (!_hasPlace) return;

        _hasPlace = false;
        turns.EndWhole();
    }

    private void End(BodyFault fault) => budget.End(this, fault);

    private BodyTurns.Turn NextTurnAsync()
    {
        if (_number == 0) _number = turns.Enter();
        return turns.NextAsync(_number);
    }

    // True: it was the last one.
    private async ValueTask<bool> ReadPieceAsync()
    {
        var piece = await reader.ReadAsync();

        // Whoever ended it holds the budget's lock.
        if (piece.IsCanceled) await Task.Yield();
        if (_length >= Long || announced > Long) await NextTurnAsync();

        var isTaken = Fault is null && TryAppend(piece.Buffer);
        reader.AdvanceTo(piece.Buffer.End);
        return isTaken && piece.IsCompleted;
    }

    private bool TryAppend(ReadOnlySequence<byte> piece)
    {
        foreach (var memory in piece)
        {
            for (var rest = memory.Span; !rest.IsEmpty;)
            {
                if (_inBlock == _block.Length && !TryAddBlock()) return false;

                var count = Math.Min(rest.Length, _block.Length - _inBlock);
                rest[..count].CopyTo(_block.AsSpan(_inBlock));
                rest = rest[count..];
                _inBlock += count;
                _length += count;
            }
        }

        return true;
    }

    private bool TryAddBlock()
    {
        var size = Math.Min(Math.Max((announced ?? limit) - _length, 1), Math.Clamp(_length, SmallestBlock, LargestBlock));
        if (!budget.TryHold(this, Held + size)) return false;

        if (_inBlock > 0) _full.Add(_block);
        (_block, _inBlock) = (GC.AllocateUninitializedArray<byte>((int)size), 0);
        return true;
    }

    private bool TryJoin()
    {
        if (_full.Count == 0 && _inBlock == _block.Length)
        {
            Bytes = _block;
            return true;
        }

        if (!budget.TryHold(this, Held + _length)) return false;

        var whole = GC.AllocateUninitializedArray<byte>((int)_length);
        var written = 0;
        foreach (var block in _full)
        {
            block.CopyTo(whole, written);
            written += block.Length;
        }

        _block.AsSpan(0, _inBlock).CopyTo(whole.AsSpan(written));
        _full.Clear();
        (Bytes, _block) = (whole, []);
        return budget.TryHold(this, whole.Length);
    }
}
