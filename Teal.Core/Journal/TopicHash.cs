using System.Security.Cryptography;
using System.Text;
using Teal.Core.Events;

namespace Teal.Core.Journal;

/// <summary>
/// What stands for a topic in a journal: short whatever the key's length, and not to be forged: 128 bits of SHA-256.
/// </summary>
public static class TopicHash
{
    /// <summary>The length in bytes.</summary>
    public const int Length = 16;

    private const int StackLimit = 512;

    // Hashing is a thirtieth of a durable redirect's processor time, and a topic's hash is asked for when its state is made, when a client
    // registers, and with each of its events. What is remembered takes some 2 MiB at most.
    private const int Remembered = 4096;
    private const int LongestRememberedKey = 128;

    private static readonly Entry?[] Recent = new Entry?[Remembered];

    /// <summary>The hash of a topic; not to be changed, as others get the same one.</summary>
    public static byte[] Of(Topic topic)
    {
        if (topic.Key.Length > LongestRememberedKey) return Compute(topic);

        ref var recent = ref Recent[(uint)topic.GetHashCode() % Remembered];
        if (recent is { } found && found.Topic == topic) return found.Hash;

        var hash = Compute(topic);
        recent = new Entry(topic, hash);
        return hash;
    }

    /// <summary>The same bytes as a key of a dictionary.</summary>
    public static UInt128 ToKey(byte[] hash) => System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(hash);

    private static byte[] Compute(Topic topic)
    {
        var length = 1 + Encoding.UTF8.GetByteCount(topic.Key);
        Span<byte> text = length <= StackLimit ? stackalloc byte[StackLimit] : new byte[length];
        text[0] = topic.Kind.Number;
        Encoding.UTF8.GetBytes(topic.Key, text[1..]);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text[..length], hash);
        return hash[..Length].ToArray();
    }

    // Immutable, so that it needs no lock.
    private sealed record Entry(Topic Topic, byte[] Hash);
}
