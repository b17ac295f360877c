using System.Buffers;

namespace Teal.Dispatcher.Connections;

/// <summary>Gathers the pieces of one message in rented memory that grows with it.</summary>
internal sealed class MessageBuffer : IDisposable
{
    private const int FirstSize = 4096;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(FirstSize);
    private int _length;

    /// <summary>Where the next piece goes; never empty.</summary>
    public Memory<byte> Room
    {
        get
        {
            if (_length == _buffer.Length) Grow();
            return _buffer.AsMemory(_length);
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
