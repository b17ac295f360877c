using System.Collections.Concurrent;
using Teal.Core.Bus;
using Teal.Core.Events;
using Teal.Dispatcher.Connections;
using Teal.Dispatcher.Protocols;

namespace Teal.Dispatcher.Registrations;

/// <summary>
/// Who wants which topic. The first registration of a topic binds it on the bus; it is unbound when the last one is gone for
/// <see cref="DispatcherOptions.UnbindDelay"/>, so that a client that reconnects does not make the bus work.
/// </summary>
internal sealed class RegistrationTable(IEventBus bus, DispatcherOptions options, TimeProvider clock) : IEventReceiver
{
    private const int UnbindBatch = 500;

    private readonly ConcurrentDictionary<Topic, TopicRegistrations> _topics = new();
    private readonly ConcurrentQueue<Vacancy> _vacancies = new();
    private IBusSubscription? _subscription;

    /// <summary>How many topics are known: registered for, or not unbound yet.</summary>
    public int TopicCount => _topics.Count;

    /// <summary>Opens the subscription on the bus. Must have completed before anything else is called.</summary>
    public async Task StartAsync(CancellationToken cancellationToken) => _subscription = await bus.SubscribeAsync(this, cancellationToken);

    /// <summary>Ends the subscription on the bus.</summary>
    public ValueTask StopAsync() => _subscription?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>Whether the connection is registered for the topic.</summary>
    public bool IsRegistered(Topic topic, ClientConnection connection)
    {
        if (!_topics.TryGetValue(topic, out var entry)) return false;
        lock (entry) return entry.Contains(connection);
    }

    /// <summary>
    /// Registers; once it completes, the connection receives every event that is published for the topic. Twice is once. When
    /// the bus refuses, the registration is taken back and the bus's exception passed on.
    /// </summary>
    public async ValueTask AddAsync(Topic topic, ClientConnection connection)
    {
        var (bound, added) = Add(topic, connection);
        try
        {
            await bound;
        }
        catch when (added)
        {
            Remove(topic, connection);
            throw;
        }
    }

    /// <summary>Ends all registrations of a connection that is over.</summary>
    public void RemoveAll(ClientConnection connection)
    {
        foreach (var topic in connection.Topics) Remove(topic, connection);
        connection.Topics.Clear();
    }

    /// <inheritdoc/>
    public void Receive(TealEvent @event)
    {
        if (_topics.TryGetValue(@event.Topic, out var entry)) entry.Deliver(new EventFrames(@event));
    }

    /// <summary>Unbinds what has had no registration for the delay. One call at a time.</summary>
    public async Task UnbindVacantAsync(CancellationToken cancellationToken)
    {
        var batch = new List<KeyValuePair<Topic, TopicRegistrations>>();
        do
        {
            batch.Clear();
            var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            while (batch.Count < UnbindBatch && TryTakeVacancy(out var vacancy))
            {
                lock (vacancy.Entry)
                {
                    if (!vacancy.Entry.IsEmpty || vacancy.Entry.Version != vacancy.Version || vacancy.Entry.Bound is null) continue;
                    vacancy.Entry.Bound = null;
                    vacancy.Entry.Unbinding = done.Task;
                }

                batch.Add(new(vacancy.Topic, vacancy.Entry));
            }

            if (batch.Count > 0) await UnbindAsync(batch, done, cancellationToken);
        }
        while (batch.Count == UnbindBatch);
    }

    private (Task Bound, bool Added) Add(Topic topic, ClientConnection connection)
    {
        while (true)
        {
            var entry = _topics.GetOrAdd(topic, static _ => new TopicRegistrations());
            lock (entry)
            {
                if (entry.IsRemoved) continue;

                var added = entry.Add(connection);
                if (added) connection.Topics.Add(topic);
                if (entry.Bound is null or { IsFaulted: true } or { IsCanceled: true }) entry.Bound = BindAsync(topic, entry.Unbinding);
                return (entry.Bound, added);
            }
        }
    }

    private async Task BindAsync(Topic topic, Task? unbinding)
    {
        if (unbinding is not null) await unbinding;
        await _subscription!.BindAsync(topic, CancellationToken.None);
    }

    private void Remove(Topic topic, ClientConnection connection)
    {
        if (!_topics.TryGetValue(topic, out var entry)) return;

        lock (entry)
        {
            if (entry.Remove(connection) && entry.IsEmpty)
                _vacancies.Enqueue(new Vacancy(topic, entry, entry.Version, clock.GetTimestamp()));
        }
    }

    private bool TryTakeVacancy(out Vacancy vacancy) =>
        _vacancies.TryPeek(out vacancy) && clock.GetElapsedTime(vacancy.Since) >= options.UnbindDelay && _vacancies.TryDequeue(out vacancy);

    private async Task UnbindAsync(
        List<KeyValuePair<Topic, TopicRegistrations>> batch, TaskCompletionSource done, CancellationToken cancellationToken)
    {
        try
        {
            await _subscription!.UnbindAsync([.. batch.Select(static entry => entry.Key)], cancellationToken);
        }
        finally
        {
            // Also when the bus failed: at worst it brings events that nobody wants.
            done.SetResult();
            foreach (var entry in batch)
            {
                lock (entry.Value)
                {
                    entry.Value.Unbinding = null;
                    if (!entry.Value.IsEmpty || entry.Value.Bound is not null) continue;
                    entry.Value.IsRemoved = true;
                    _topics.TryRemove(entry);
                }
            }
        }
    }

    private readonly record struct Vacancy(Topic Topic, TopicRegistrations Entry, int Version, long Since);
}
