namespace Teal.Client;

/// <summary>What became of a connection.</summary>
public abstract record ConnectionChange
{
    private ConnectionChange()
    {
    }

    /// <summary>The metadata was read. What follows sends the password to its websocket.</summary>
    /// <param name="Installation">What the metadata tells.</param>
    public sealed record Connecting(Installation Installation) : ConnectionChange;

    /// <summary>The dispatcher has confirmed the registration, the first time or after a break.</summary>
    /// <param name="Installation">What the metadata tells.</param>
    public sealed record Connected(Installation Installation) : ConnectionChange;

    /// <summary>It broke, or did not come about, and is tried again.</summary>
    /// <param name="Reason">Why; it is transient.</param>
    /// <param name="Wait">How long it waits before that.</param>
    public sealed record Broken(TealException Reason, TimeSpan Wait) : ConnectionChange;
}
