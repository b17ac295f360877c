namespace Teal.Dispatcher.Connections;

/// <summary>A message in its frames, on its way to one or many connections. Nobody may change it.</summary>
/// <param name="frames">What <see cref="WebSocketFrame.Text"/> made of it.</param>
internal sealed class OutgoingMessage(byte[] frames)
{
    private int _holders;

    /// <summary>The bytes for the network.</summary>
    public ReadOnlySpan<byte> Frames => frames;

    /// <summary>How many bytes it has.</summary>
    public int Length => frames.Length;

    /// <summary>The part of its memory that falls to each of those who hold it.</summary>
    public int Share => frames.Length / Math.Max(1, Volatile.Read(ref _holders));

    /// <summary>Counts one more who holds it; true for the first.</summary>
    public bool Hold() => Interlocked.Increment(ref _holders) == 1;

    /// <summary>Counts one less; true for the last.</summary>
    public bool LetGo() => Interlocked.Decrement(ref _holders) == 0;
}
