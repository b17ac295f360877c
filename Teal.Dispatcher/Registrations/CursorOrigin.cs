using System.Buffers.Binary;

namespace Teal.Dispatcher.Registrations;

/// <summary>
/// What a cursor belongs to: a journal and a topic, by 24 bits of each. Enough to tell mistakes, as nobody gains by a cursor
/// that he makes up.
/// </summary>
/// <param name="Journal">Of the journal's identity.</param>
/// <param name="Topic">Of the topic's hash.</param>
internal readonly record struct CursorOrigin(int Journal, int Topic)
{
    /// <summary>The first 24 bits of a hash.</summary>
    public static int First(ReadOnlySpan<byte> hash) => (int)(BinaryPrimitives.ReadUInt32BigEndian(hash) >> 8);
}
