namespace Teal.Web.Sessions;

/// <summary>A message in its frames, on its way to one or many channels. Nobody may change it.</summary>
/// <param name="frames">What a <see cref="Framing"/> made of it.</param>
/// <param name="frameLength">How long each frame but the last one is, in bytes: something else may stand between two of them.</param>
public sealed class OutgoingMessage(byte[] frames, int frameLength)
{
    private int _holders;

    /// <summary>The bytes for the network.</summary>
    public ReadOnlySpan<byte> Frames => frames;

    /// <summary>How many bytes it has.</summary>
    public int Length => frames.Length;

    /// <summary>How long each frame but the last one is, in bytes.</summary>
    public int FrameLength => frameLength;

    /// <summary>The part of its memory that falls to each of those who hold it.</summary>
    public int Share => frames.Length / Math.Max(1, Volatile.Read(ref _holders));

    /// <summary>Counts one more who holds it; true for the first.</summary>
    public bool Hold() => Interlocked.Increment(ref _holders) == 1;

    /// <summary>Counts one less; true for the last.</summary>
    public bool LetGo() => Interlocked.Decrement(ref _holders) == 0;
}
