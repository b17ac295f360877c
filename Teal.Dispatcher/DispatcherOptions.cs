using Teal.Web.Door;
using Teal.Web.Sessions;

namespace Teal.Dispatcher;

/// <summary>Settings of the dispatcher, under <c>Teal:Dispatcher</c> (specification 5).</summary>
public sealed class DispatcherOptions
{
    /// <summary>Who is let in.</summary>
    public DoorOptions Door { get; } = new();

    /// <summary>What clients may do on their channels.</summary>
    public ChannelOptions Channels { get; } = new();

    /// <summary>
    /// Whether a listener may take callbacks of states that are not stored, so that a registration for one has to claim it. Default true.
    /// </summary>
    public bool HasFreestandingStates { get; set; } = true;

    /// <summary>How many topics one connection may register for; further ones are not registered. Default 10,000.</summary>
    public int MaximumRegistrations { get; set; } = 10_000;

    /// <summary>
    /// How many bytes all registrations may take together, with the topics that stay bound for <see cref="UnbindDelay"/>: some
    /// 700 each, and two for each character of the key. One connection may have an eighth of them, one address half, and each
    /// connection has 4 KiB whatever the others have. Default 128 MiB.
    /// </summary>
    public int RegistrationBudget { get; set; } = 128 * 1024 * 1024;

    /// <summary>Whether the metadata tells the server's version. Default true.</summary>
    public bool ExposeVersion { get; set; } = true;

    /// <summary>
    /// How long a connection's later messages wait for a registration that the bus has not confirmed yet. Default 1 second. Then the
    /// registration goes on in the background, and counts as soon as the bus can take it.
    /// </summary>
    public TimeSpan BindTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How often a journal that several processes share is asked what the bus may not have brought. Default 1 second.</summary>
    public TimeSpan FeedInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a topic stays bound after its last registration, for a client that reconnects. Default 5 seconds.</summary>
    public TimeSpan UnbindDelay { get; set; } = TimeSpan.FromSeconds(5);
}
