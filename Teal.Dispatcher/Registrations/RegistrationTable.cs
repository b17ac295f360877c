using Teal.Core.Bus;
using Teal.Core.Events;
using Teal.Core.Identities;
using Teal.Core.Journal;
using Teal.Web.Sessions;

namespace Teal.Dispatcher.Registrations;

/// <summary>
/// Who wants which topic. The first registration of a topic binds it on the bus; it is unbound when the last one is gone for
/// <see cref="DispatcherOptions.UnbindDelay"/>, so that a client that reconnects does not make the bus work.
/// </summary>
internal sealed class RegistrationTable(
    IEventBus bus, IEventJournal journal, Replayer replayer, Outbox outbox, RegistrationBudget budget, DispatcherOptions options,
    TimeProvider clock) : IEventReceiver
{
    private readonly TopicTable _topics = new();
    private readonly VacantTopics _vacant = new(budget, options, clock);
    private IBusSubscription? _subscription;

    /// <summary>How many topics are known: registered for, or not unbound yet.</summary>
    public int TopicCount => _topics.Count;

    /// <summary>The topics that somebody is registered for, or was a moment ago.</summary>
    public IEnumerable<Topic> Topics => _topics.All.Select(static entry => entry.Topic);

    /// <summary>Opens the subscription on the bus. Must have completed before anything else is called.</summary>
    public async Task StartAsync(CancellationToken cancellationToken) => _subscription = await bus.SubscribeAsync(this, cancellationToken);

    /// <summary>Ends the subscription on the bus.</summary>
    public ValueTask StopAsync() => _subscription?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>The subscriber's registration for the topic; null: there is none.</summary>
    public Registration? Find(Topic topic, ISubscriber subscriber)
    {
        if (!_topics.TryFind(topic, out var entry)) return null;
        lock (entry) return entry.Find(subscriber);
    }

    /// <summary>Whether there is room for a registration now.</summary>
    public bool HasRoom(Topic topic, ISubscriber subscriber) => budget.HasRoom(subscriber, topic);

    /// <summary>
    /// Registers; once the binding completes, the subscriber receives every event that is published for the topic. Events wait
    /// until <see cref="Begin"/>. Twice is once, with the later sight. When the bus refuses, the binding throws, and the caller takes the
    /// registration back. Null: there is no room for it.
    /// </summary>
    /// <param name="topic">The topic.</param>
    /// <param name="subscriber">Who registers.</param>
    /// <param name="sight">Which events it sees.</param>
    /// <param name="beginning">Where its events begin.</param>
    /// <returns>The registration, and the topic's binding on the bus.</returns>
    public (Registration Registration, Task Bound)? Add(Topic topic, ISubscriber subscriber, Sight sight, Beginning beginning)
    {
        while (true)
        {
            var entry = _topics.FindOrAdd(topic);
            lock (entry)
            {
                if (entry.IsRemoved) continue;
                var registration = entry.Find(subscriber);
                if (registration is null)
                {
                    if (!budget.TryHold(subscriber, topic))
                    {
                        if (entry.Version == 0) _topics.Forget(entry);
                        return null;
                    }

                    if (entry.Version == 0) _topics.Index(entry);
                    if (entry.IsVacant) budget.Leave(entry.Topic);
                    registration = new Registration(entry.Topic, subscriber, sight, beginning) { Index = subscriber.Registrations.Count };
                    entry.Add(registration);
                    subscriber.Registrations.Add(registration);
                }
                else
                {
                    registration.ChangeSight(sight);
                }

                if (entry.Bound is null or { IsFaulted: true } or { IsCanceled: true })
                    entry.Bound = BindAsync(entry.Topic, entry.Unbinding);
                return (registration, entry.Bound);
            }
        }
    }

    /// <summary>
    /// Has a subscriber's registration begin at another place: another one is where it was, and takes its room. Never fails.
    /// </summary>
    public Registration Replace(Registration former, Beginning beginning)
    {
        var entry = _topics.FindOrAdd(former.Topic);
        lock (entry)
        {
            var registration = new Registration(entry.Topic, former.Subscriber, former.Sight, beginning) { Index = former.Index };
            entry.Remove(former.Subscriber);
            entry.Add(registration);
            return former.Subscriber.Registrations[former.Index] = registration;
        }
    }

    /// <summary>Lets the events come, those that are kept first.</summary>
    public void Begin(Registration registration) => replayer.Begin(registration);

    /// <summary>Ends one registration; false when there is none.</summary>
    public bool Remove(Topic topic, ISubscriber subscriber)
    {
        if (End(topic, subscriber) is not { } ended) return false;

        // The last one moves to its place.
        var last = subscriber.Registrations[^1];
        subscriber.Registrations[last.Index = ended.Index] = last;
        subscriber.Registrations.RemoveAt(subscriber.Registrations.Count - 1);
        return true;
    }

    /// <summary>Ends all registrations of a subscriber that is over.</summary>
    public void RemoveAll(ISubscriber subscriber)
    {
        foreach (var registration in subscriber.Registrations) End(registration.Topic, subscriber);
        subscriber.Registrations.Clear();
    }

    /// <inheritdoc/>
    public bool TryCatchUp(Topic topic, EventPlace place)
    {
        if (place.Journal != journal.Id) return false;

        CatchUp(topic, place.Position);
        return true;
    }

    /// <inheritdoc/>
    public void Receive(TealEvent @event)
    {
        if (!_topics.TryFind(@event.Topic, out var entry)) return;

        // Places of another journal cannot be compared with those of this one.
        var place = @event.Place.Journal == journal.Id ? @event.Place : default;
        if (place is { IsKept: true, IsKnown: false })
        {
            // Perhaps somebody made it up: only what the journal has is sent.
            CatchUp(@event.Topic, long.MaxValue);
            return;
        }

        // The common case is sent at once, on this thread.
        var isOne = entry.HasOne;
        entry.ForEach(
            static (registration, given) =>
            {
                if (!registration.Receive(given.Frames, given.Place)) given.Replayer.Run(registration);
                else if (given.Outbox is null) registration.Subscriber.Channel.Queue.Flush();
                else given.Outbox.Add(registration.Subscriber.Channel.Queue);
            },
            (Frames: new EventFrames(@event), Place: place, Replayer: replayer, Outbox: isOne ? null : outbox));
        if (!isOne) outbox.Start();
    }

    /// <summary>Has every registration look into the journal.</summary>
    public void Resynchronize()
    {
        foreach (var entry in _topics.All) entry.ForEach(static (registration, replayer) => replayer.Start(registration), replayer);
    }

    /// <summary>Has a topic's registrations look into the journal, unless they have seen the position.</summary>
    /// <param name="hash">What stands for the topic in the journal.</param>
    /// <param name="position">The position.</param>
    public void CatchUp(UInt128 hash, long position)
    {
        if (_topics.TryFind(hash, out var topic)) CatchUp(topic, position);
    }

    private void CatchUp(Topic topic, long position)
    {
        if (!_topics.TryFind(topic, out var entry)) return;

        entry.ForEach(
            static (registration, given) =>
            {
                if (registration.Position < given.position) given.replayer.Start(registration);
            },
            (position, replayer));
    }

    /// <summary>
    /// Completes when so many topics have no registration any more that <see cref="UnbindVacantAsync"/> is not to wait for its time.
    /// </summary>
    public Task WhenCrowdedAsync() => _vacant.WhenCrowdedAsync();

    /// <summary>Unbinds what has had no registration for the delay. One call at a time.</summary>
    public async Task UnbindVacantAsync(CancellationToken cancellationToken)
    {
        _vacant.Calm();
        while (true)
        {
            var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_vacant.Take(done.Task) is not { Count: > 0 } batch) return;
            await UnbindAsync(batch, done, cancellationToken);
        }
    }

    private async Task BindAsync(Topic topic, Task? unbinding)
    {
        if (unbinding is not null) await unbinding;
        await _subscription!.BindAsync(topic, CancellationToken.None);
    }

    private Registration? End(Topic topic, ISubscriber subscriber)
    {
        if (!_topics.TryFind(topic, out var entry)) return null;

        lock (entry)
        {
            if (entry.Remove(subscriber) is not { } registration) return null;

            budget.LetGo(subscriber, entry.Topic);
            if (!entry.IsEmpty) return registration;

            budget.Vacate(entry.Topic);
            _vacant.Add(entry);
            return registration;
        }
    }

    private async Task UnbindAsync(List<TopicRegistrations> batch, TaskCompletionSource done, CancellationToken cancellationToken)
    {
        try
        {
            await _subscription!.UnbindAsync([.. batch.Select(static entry => entry.Topic)], cancellationToken);
        }
        finally
        {
            // Also when the bus failed: at worst it brings events that nobody wants.
            done.SetResult();
            foreach (var entry in batch)
            {
                lock (entry)
                {
                    entry.Unbinding = null;
                    if (!entry.IsEmpty || entry.Bound is not null) continue;

                    budget.Leave(entry.Topic);
                    _topics.Forget(entry);
                }
            }
        }
    }
}
