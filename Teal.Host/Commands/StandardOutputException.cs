namespace Teal.Host.Commands;

/// <summary>What a command has to say cannot be written.</summary>
internal sealed class StandardOutputException(string message, bool isUnread) : Exception(message)
{
    /// <summary>Whether it is because nobody reads it any more.</summary>
    public bool IsUnread { get; } = isUnread;
}
