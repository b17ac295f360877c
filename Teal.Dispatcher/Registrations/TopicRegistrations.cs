using System.Buffers;
using Teal.Core.Events;

namespace Teal.Dispatcher.Registrations;

/// <summary>
/// Who registered for one topic. Most topics have one, which then is all that is kept. Every member but
/// <see cref="ForEach"/> is called under the lock of this object.
/// </summary>
internal sealed class TopicRegistrations(Topic topic)
{
    private Registration? _only;
    private Dictionary<ISubscriber, Registration>? _many;

    /// <summary>The topic; the one copy of its key that is kept.</summary>
    public Topic Topic { get; } = topic;

    /// <summary>Whether the last registration has gone, and it waits to be unbound.</summary>
    public bool IsVacant => IsEmpty && Version > 0;

    /// <summary>The topic's binding on the bus, made or under way; null: there is none.</summary>
    public Task? Bound { get; set; }

    /// <summary>The end of an earlier binding, which a new one has to wait for; null: nothing to wait for.</summary>
    public Task? Unbinding { get; set; }

    /// <summary>Whether the table has forgotten this object, so that a new one must be asked for.</summary>
    public bool IsRemoved { get; set; }

    /// <summary>Changes with each registration, so that a later look can tell whether there was one in between.</summary>
    public int Version { get; private set; }

    /// <summary>Whether nobody is registered.</summary>
    public bool IsEmpty => _only is null && _many is null;

    /// <summary>Whether there is one registration, and no more; also without the lock, for what may be a moment old.</summary>
    public bool HasOne => _only is not null;

    /// <summary>The subscriber's registration; null: it is not registered.</summary>
    public Registration? Find(ISubscriber subscriber) =>
        _only?.Subscriber == subscriber ? _only : _many?.GetValueOrDefault(subscriber);

    /// <summary>Adds the registration of a subscriber that has none.</summary>
    public void Add(Registration registration)
    {
        Version++;
        if (_many is not null)
        {
            _many.Add(registration.Subscriber, registration);
        }
        else if (_only is null)
        {
            _only = registration;
        }
        else
        {
            _many = new Dictionary<ISubscriber, Registration> { [_only.Subscriber] = _only, [registration.Subscriber] = registration };
            _only = null;
        }
    }

    /// <summary>Ends the subscriber's registration, and returns it; null: there is none.</summary>
    public Registration? Remove(ISubscriber subscriber)
    {
        if (Find(subscriber) is not { } registration) return null;

        registration.End();
        if (_many is null) _only = null;
        else _many.Remove(subscriber);
        if (_many is { Count: 0 }) _many = null;
        return registration;
    }

    /// <summary>Does something with each registration.</summary>
    public void ForEach<T>(Action<Registration, T> action, T argument)
    {
        Registration? only;
        Registration[]? many = null;
        var count = 0;
        lock (this)
        {
            only = _only;
            if (_many is not null)
            {
                // A copy, so that nobody who comes or goes waits for a long fan-out.
                count = _many.Count;
                many = ArrayPool<Registration>.Shared.Rent(count);
                _many.Values.CopyTo(many, 0);
            }
        }

        if (only is not null) action(only, argument);
        if (many is null) return;

        foreach (var registration in many.AsSpan(0, count)) action(registration, argument);
        ArrayPool<Registration>.Shared.Return(many, clearArray: true);
    }
}
