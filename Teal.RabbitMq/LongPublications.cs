using Teal.Core.Events;

namespace Teal.RabbitMq;

/// <summary>
/// Publications of long events, one after the other in the order in which they come: so short ones wait for one at most. A short one whose
/// topic has any here comes behind it, and does not overtake it.
/// </summary>
internal sealed class LongPublications
{
    private readonly Lock _lock = new();

    // How many of each topic wait, or are under way.
    private readonly Dictionary<Topic, int> _topics = [];
    private Task _last = Task.CompletedTask;
    private volatile int _count;

    /// <summary>Whether none waits behind the one that is under way.</summary>
    public bool IsLast => _count == 1;

    /// <summary>Whether an event has its place here.</summary>
    public bool Takes(TealEvent @event)
    {
        if (@event.IsLong) return true;
        if (_count == 0) return false;

        lock (_lock) return _topics.ContainsKey(@event.Topic);
    }

    /// <summary>Publishes when it is the topic's turn, which those that are called later wait for.</summary>
    public async Task RunAsync(Topic topic, Func<Task> publish)
    {
        var ending = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task before;
        lock (_lock)
        {
            (before, _last) = (_last, ending.Task);
            _topics[topic] = _topics.GetValueOrDefault(topic) + 1;
            _count++;
        }

        try
        {
            await before;
            await publish();
        }
        finally
        {
            lock (_lock)
            {
                if (--_topics[topic] == 0) _topics.Remove(topic);
                _count--;
            }

            ending.SetResult();
        }
    }
}
