using System.Security.Cryptography;
using System.Text;
using Teal.Core.Events;

namespace Teal.Sqlite;

/// <summary>
/// What stands for a topic in the database: short whatever the key's length, and not to be forged: 128 bits of SHA-256.
/// </summary>
internal static class TopicHash
{
    /// <summary>The length in bytes.</summary>
    public const int Length = 16;

    private const int StackLimit = 512;

    /// <summary>The hash of a topic.</summary>
    public static byte[] Of(Topic topic)
    {
        var length = 1 + Encoding.UTF8.GetByteCount(topic.Key);
        Span<byte> text = length <= StackLimit ? stackalloc byte[StackLimit] : new byte[length];
        text[0] = (byte)topic.Kind;
        Encoding.UTF8.GetBytes(topic.Key, text[1..]);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text[..length], hash);
        return hash[..Length].ToArray();
    }

    /// <summary>The same bytes as a key of a dictionary.</summary>
    public static UInt128 ToKey(byte[] hash) => System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(hash);
}
