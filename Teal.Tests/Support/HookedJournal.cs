using Teal.Core.Events;
using Teal.Core.Journal;

namespace Teal.Tests.Support;

/// <summary>
/// A journal before whose changes of a topic a test does something; where that throws, the call fails and nothing of it is done.
/// </summary>
internal sealed class HookedJournal(IEventJournal journal, Func<string, string, Task> before) : IEventJournal
{
    public string Id => journal.Id;

    public string Identity => journal.Identity;

    public ValueTask<TealEvent> AppendAsync(
        TealEvent @event, EventRetention retention, Action<TealEvent> kept, CancellationToken cancellationToken) =>
        journal.AppendAsync(@event, retention, kept, cancellationToken);

    public ValueTask ClaimAsync(Topic topic, CancellationToken cancellationToken) => journal.ClaimAsync(topic, cancellationToken);

    public ValueTask<long> FindEndAsync(Topic topic, CancellationToken cancellationToken) => journal.FindEndAsync(topic, cancellationToken);

    public ValueTask<JournalPage> ReadAsync(Topic topic, long after, int limit, int size, CancellationToken cancellationToken) =>
        journal.ReadAsync(topic, after, limit, size, cancellationToken);

    public ValueTask<string?> FindOwnerAsync(Topic topic, CancellationToken cancellationToken) =>
        journal.FindOwnerAsync(topic, cancellationToken);

    public async ValueTask KeepUntilAsync(Topic topic, DateTime keepUntil, CancellationToken cancellationToken)
    {
        await before(nameof(KeepUntilAsync), topic.Key);
        await journal.KeepUntilAsync(topic, keepUntil, cancellationToken);
    }

    public async ValueTask<int> DeleteAsync(Topic topic, CancellationToken cancellationToken)
    {
        await before(nameof(DeleteAsync), topic.Key);
        return await journal.DeleteAsync(topic, cancellationToken);
    }
}
