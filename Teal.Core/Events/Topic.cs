using System.Text;

namespace Teal.Core.Events;

/// <summary>What an event is routed by. Keys are compared exactly, code unit by code unit.</summary>
/// <param name="Kind">The kind of the topic's events.</param>
/// <param name="Key">
/// State, request id, domain, or team and webhook; 1 to <see cref="MaximumKeyBytes"/> bytes of UTF-8 where a client may register for it.
/// </param>
public readonly record struct Topic(EventKind Kind, string Key)
{
    /// <summary>The longest key that a client can register for, in bytes of UTF-8 (specification 3.2).</summary>
    public const int MaximumKeyBytes = 4096;

    /// <summary>Whether no client can register for a topic with that key.</summary>
    public static bool IsTooLong(string key) => Encoding.UTF8.GetByteCount(key) > MaximumKeyBytes;

    /// <summary>The topic that is meant where somebody of a team writes this one.</summary>
    public Topic Within(string team) =>
        Kind.IsOfTeams && !Key.Contains('/', StringComparison.Ordinal) ? this with { Key = $"{team}/{Key}" } : this;

    /// <summary>The key as somebody of a team writes it.</summary>
    public string KeyWithin(string team) =>
        Kind.IsOfTeams && Key.Length > team.Length && Key[team.Length] == '/' && Key.StartsWith(team, StringComparison.Ordinal)
            ? NameOf(Key) : Key;

    /// <summary>What stands behind the team in a key of a kind with <see cref="EventKind.IsOfTeams"/>.</summary>
    public static string NameOf(string key) => key[(key.IndexOf('/', StringComparison.Ordinal) + 1)..];

    /// <summary>The kind alone: a key is a secret and has no place in a log.</summary>
    public override string ToString() => Kind.ToString();
}
