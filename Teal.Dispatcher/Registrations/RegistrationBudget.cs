using Teal.Core.Addresses;
using Teal.Core.Events;
using Teal.Web.Sessions;

namespace Teal.Dispatcher.Registrations;

/// <summary>
/// The memory that registrations may take together (specification 7.1), with the topics that stay bound for a moment after their last one.
/// A client may have an eighth of it, an address half; where it is spent, a client still gets its first few registrations.
/// </summary>
internal sealed class RegistrationBudget(DispatcherOptions options)
{
    // What a registration takes beside its key, and how much every client may have; in bytes.
    private const int Overhead = 700, Least = 4 * 1024;

    private readonly Lock _lock = new();
    private readonly Dictionary<ClientNetwork, long> _byClient = [];
    private long _held;
    private long _vacant;

    /// <summary>What is held now, in bytes.</summary>
    public long Held
    {
        get
        {
            lock (_lock) return _held + _vacant;
        }
    }

    /// <summary>Whether topics without a registration take so much that they are not to stay bound.</summary>
    public bool IsCrowded
    {
        get
        {
            lock (_lock) return _vacant > options.RegistrationBudget / 8;
        }
    }

    /// <summary>Whether there is room for a registration now.</summary>
    public bool HasRoom(ISubscriber subscriber, Topic topic)
    {
        lock (_lock) return HasRoom(subscriber, SizeOf(topic));
    }

    /// <summary>Counts a registration; false: there is no room for it.</summary>
    public bool TryHold(ISubscriber subscriber, Topic topic)
    {
        var size = SizeOf(topic);
        lock (_lock)
        {
            if (!HasRoom(subscriber, size)) return false;

            Change(subscriber, size);
            return true;
        }
    }

    /// <summary>Counts a registration no more.</summary>
    public void LetGo(ISubscriber subscriber, Topic topic)
    {
        lock (_lock) Change(subscriber, -SizeOf(topic));
    }

    /// <summary>Counts a topic that nobody is registered for any more, until <see cref="Leave"/>.</summary>
    public void Vacate(Topic topic)
    {
        lock (_lock) _vacant += SizeOf(topic);
    }

    /// <summary>It is registered for again, or unbound.</summary>
    public void Leave(Topic topic)
    {
        lock (_lock) _vacant -= SizeOf(topic);
    }

    private static int SizeOf(Topic topic) => Overhead + (sizeof(char) * topic.Key.Length);

    private bool HasRoom(ISubscriber subscriber, int size)
    {
        var own = subscriber.RegisteredSize + size;
        var ofClient = subscriber.Channel.Client is { } client ? _byClient.GetValueOrDefault(client) + size : 0;
        return own <= Least
            || (own <= options.RegistrationBudget / 8
                && ofClient <= options.RegistrationBudget / 2
                && _held + _vacant + size <= options.RegistrationBudget);
    }

    private void Change(ISubscriber subscriber, int size)
    {
        _held += size;
        subscriber.RegisteredSize += size;
        if (subscriber.Channel.Client is not { } client) return;

        var ofClient = _byClient.GetValueOrDefault(client) + size;
        if (ofClient > 0) _byClient[client] = ofClient;
        else _byClient.Remove(client);
    }
}
