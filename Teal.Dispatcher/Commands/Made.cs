namespace Teal.Dispatcher.Commands;

/// <summary>What a message has made so far.</summary>
internal sealed class Made
{
    /// <summary>What takes it back, the latest last.</summary>
    public List<Func<ValueTask>> Undo { get; } = new(1);

    /// <summary>The webhook that was made, in JSON; null: none was.</summary>
    public byte[]? Webhook { get; set; }
}
