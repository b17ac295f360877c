using System.Text;

namespace Teal.Core.Events;

/// <summary>What an event is routed by. Keys are compared exactly, code unit by code unit.</summary>
/// <param name="Kind">The kind of the topic's events.</param>
/// <param name="Key">
/// State, request id or domain; 1 to <see cref="MaximumKeyBytes"/> bytes of UTF-8 where a client may register for it.
/// </param>
public readonly record struct Topic(EventKind Kind, string Key)
{
    /// <summary>The longest key that a client can register for, in bytes of UTF-8 (specification 3.2).</summary>
    public const int MaximumKeyBytes = 4096;

    /// <summary>Whether no client can register for a topic with that key.</summary>
    public static bool IsTooLong(string key) => Encoding.UTF8.GetByteCount(key) > MaximumKeyBytes;

    /// <summary>The kind alone: a key is a secret and has no place in a log.</summary>
    public override string ToString() => Kind.ToString();
}
