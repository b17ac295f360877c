using System.Buffers;

namespace Teal.Web.WebSockets;

/// <summary>Gathers the pieces of one message in rented memory that grows with it, up to <paramref name="limit"/> bytes.</summary>
internal sealed class MessageBuffer(int limit) : IDisposable
{
    private const int FirstSize = 4096;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(FirstSize);
    private int _length;

    /// <summary>
    /// Where the next piece goes; never empty, as long as less than the limit was kept. The websocket fills it before it returns,
    /// so it must not be larger than what may still come.
    /// </summary>
    public Memory<byte> Room
    {
        get
        {
            if (_length == _buffer.Length) Grow();
            return _buffer.AsMemory(_length, Math.Min(_buffer.Length, limit) - _length);
        }
    }

    /// <summary>What was gathered.</summary>
    public ReadOnlyMemory<byte> Written => _buffer.AsMemory(0, _length);

    /// <summary>Keeps the first <paramref name="count"/> bytes of what was put into <see cref="Room"/>.</summary>
    public void Advance(int count) => _length += count;

    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);

    private void Grow()
    {
        var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
        _buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
