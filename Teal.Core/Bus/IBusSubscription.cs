using Teal.Core.Events;

namespace Teal.Core.Bus;

/// <summary>The topics that one dispatcher wants to hear. Disposing it ends all of them.</summary>
public interface IBusSubscription : IAsyncDisposable
{
    /// <summary>Once it completes, every event that is published for the topic from then on is received. Idempotent.</summary>
    ValueTask BindAsync(Topic topic, CancellationToken cancellationToken);

    /// <summary>Once it completes, events that are published for the topics from then on are not received. Idempotent.</summary>
    ValueTask UnbindAsync(IReadOnlyCollection<Topic> topics, CancellationToken cancellationToken);
}
