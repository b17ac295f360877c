using System.Runtime.CompilerServices;

namespace Teal.Client;

/// <summary>
/// A client of a dispatcher. Each enumeration has a connection of its own. After each break it connects again, with growing waits and for
/// ever, and goes on behind the last event that it got: none is missing and none comes twice. Of a dispatcher that does not know
/// <c>teal.v2</c>, such as the original's, it gets what comes while it is connected (specification 3.2 and 3.3).
/// </summary>
/// <param name="dispatcher">The dispatcher's address, <c>http</c> or <c>https</c>, without user and password.</param>
/// <param name="options">How it connects; null: the defaults.</param>
public sealed class TealClient(Uri dispatcher, TealClientOptions? options = null)
{
    /// <summary>
    /// The longest message that it takes, in bytes. It is far above what a server sends: a listener takes bodies of a megabyte, which JSON
    /// may make six times as long.
    /// </summary>
    public const int LongestMessage = 64 * 1024 * 1024;

    private readonly TealClientOptions _options = options ?? new TealClientOptions();

    /// <summary>Raised by each enumeration when its connection changes, before the next event is given. It must not block.</summary>
    public event EventHandler<ConnectionChange>? ConnectionChanged;

    /// <summary>Registers for a topic, and gives its events as they come, until the enumeration is left or cancelled.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="from">Where the events begin; by default now.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The events in their order, a <see cref="Gap"/> where some are missing, and messages of unknown types.</returns>
    /// <exception cref="TealException">Thrown by the enumeration when trying again would not help.</exception>
    public IAsyncEnumerable<TealEvent> ListenAsync(Topic topic, From from = default, CancellationToken cancellationToken = default) =>
        ReceiveAsync(new SubscriptionRequest(null, topic), from, cancellationToken);

    /// <summary>
    /// Creates a callback state, and gives its callbacks as <see cref="ListenAsync"/> does. After each break the state is created again,
    /// so that it is also there where the server lost it.
    /// </summary>
    /// <inheritdoc cref="ListenAsync"/>
    /// <param name="binding">The state.</param>
    /// <param name="from">Where the events begin; by default now.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public IAsyncEnumerable<TealEvent> BindAsync(
        CallbackBinding binding, From from = default, CancellationToken cancellationToken = default) =>
        ReceiveAsync(new SubscriptionRequest(binding, Topic.Callback(binding.State)), from, cancellationToken);

    private async IAsyncEnumerable<TealEvent> ReceiveAsync(
        SubscriptionRequest request, From from, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var subscription = new Subscription(dispatcher, _options, request, from, Tell);
        while (true) yield return await subscription.NextAsync(cancellationToken);
    }

    private void Tell(ConnectionChange change) => ConnectionChanged?.Invoke(this, change);
}
