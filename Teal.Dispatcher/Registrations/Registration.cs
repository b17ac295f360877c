using Teal.Core.Events;
using Teal.Core.Identities;
using Teal.Core.Journal;
using Teal.Web.Sessions;

namespace Teal.Dispatcher.Registrations;

/// <summary>
/// One client's wish for one topic, and how far it is: every event of the topic up to its position was sent to the client,
/// once and in order. While it is live the bus brings the next one; where an event is missing in between, it reads on from the
/// journal, and goes live again where the two meet. Events that the client may not see are passed over here, whichever way they come.
/// </summary>
internal sealed class Registration(Topic topic, ISubscriber subscriber, Sight sight, Beginning beginning)
{
    private readonly Lock _lock = new();
    private volatile Sight _sight = sight;
    private long _position = beginning.Position;

    // Where the sight is limited, up to where the client may know that events were sent: no further than to the last one that it got.
    private long _cursor = beginning.Position;

    // The highest position that the bus has told of while the registration was not live.
    private long _told;

    // What it told of at the last time when the journal had no more: twice the same, and the journal has lost it.
    private long _unfound;

    // Whether events may have been missed since the replay under way began.
    private bool _isStale;
    private Phase _phase = Phase.Waiting;

    private enum Phase
    {
        /// <summary>The client has not been told yet that it is registered.</summary>
        Waiting,
        Replaying,
        Live,
        Ended,
    }

    public Topic Topic { get; } = topic;

    /// <summary>Where it stands among those of its subscriber.</summary>
    public int Index { get; set; }

    /// <summary>Whose it is.</summary>
    public ISubscriber Subscriber { get; } = subscriber;

    /// <summary>
    /// Whether the position is an instant that the client chose, or that of its registering. Behind it nothing can be missing:
    /// nobody says that all before was seen.
    /// </summary>
    public bool IsAtInstant { get; private set; } = beginning.IsInstant;

    /// <summary>Whether the client waits to be told that it has all that was kept.</summary>
    public bool AsksForEnd { get; set; }

    /// <summary>Which of the events the client gets.</summary>
    public Sight Sight => _sight;

    /// <summary>Up to where events were sent, or passed over.</summary>
    public long Position => Volatile.Read(ref _position);

    /// <summary>The position that the client is told: it tells nothing of what was passed over, and events go on behind it.</summary>
    public long Cursor => _sight.IsLimited ? Volatile.Read(ref _cursor) : Position;

    public bool IsEnded
    {
        get
        {
            lock (_lock) return _phase == Phase.Ended;
        }
    }

    /// <summary>Tells the client what it may lack before its first event. Before the events come.</summary>
    public void TellMissing()
    {
        if (beginning.Claimed is { } claimed) Subscriber.Tell(new Notice.Gap(Topic, claimed, beginning.Position));
    }

    /// <summary>
    /// Gives it another sight: once this returns, nothing is sent any more that it does not see. What was passed over before is not sent
    /// again.
    /// </summary>
    public void ChangeSight(Sight sight)
    {
        lock (_lock)
        {
            if (!_sight.IsLimited) _cursor = _position;
            _sight = sight;
        }
    }

    /// <summary>
    /// Takes an event from the bus. False when one before it is missing, or it finds no room in the client's queue: then a
    /// replay has to be run.
    /// </summary>
    /// <param name="frames">The event.</param>
    /// <param name="place">Its place; the default value when it is not in this dispatcher's journal.</param>
    public bool Receive(EventFrames frames, EventPlace place)
    {
        lock (_lock)
        {
            if (_phase == Phase.Ended) return true;
            if (!place.IsKept)
            {
                // A listener that keeps nothing, such as the original's.
                if (_sight.Sees(frames.Owner)) Subscriber.Channel.Add(frames.For(Subscriber));
                return true;
            }

            if (place.Position <= _position) return true;
            if (_phase == Phase.Live && place.Previous <= _position && TryDeliver(frames, place)) return true;

            _told = Math.Max(_told, place.Position);
            if (_phase != Phase.Live) return true;

            _phase = Phase.Replaying;
            return false;
        }
    }

    /// <summary>
    /// The client was told that it is registered, and events may come from now on. False when a replay runs already, or it is over.
    /// </summary>
    public bool TryBegin() => TryReplay(isTold: true);

    /// <summary>
    /// Says that events behind its position may have been missed. False when a replay runs already, or it is over, or has not begun: then
    /// it reads them once it does.
    /// </summary>
    public bool TryBeginReplay() => TryReplay(isTold: false);

    private bool TryReplay(bool isTold)
    {
        lock (_lock)
        {
            if (_phase == Phase.Waiting && !isTold) return false;

            _isStale = _phase == Phase.Replaying;
            if (_phase is Phase.Ended or Phase.Replaying) return false;

            _phase = Phase.Replaying;
            return true;
        }
    }

    /// <summary>Sends an event of the journal. False when it finds no room.</summary>
    public bool Replay(EventFrames frames, EventPlace place)
    {
        lock (_lock) return _phase != Phase.Replaying || place.Position <= _position || TryDeliver(frames, place);
    }

    /// <summary>Goes on behind what is not kept any more.</summary>
    public void Skip(long position)
    {
        lock (_lock)
        {
            _position = Math.Max(_position, position);
            _cursor = Math.Max(_cursor, position);
        }
    }

    /// <summary>Goes live, if the journal's end that was read is all that the bus has told of.</summary>
    /// <param name="last">The topic's last position as the journal told it, before the events that were read.</param>
    public bool TryGoLive(long last)
    {
        lock (_lock)
        {
            if (_phase != Phase.Replaying) return true;
            if (_isStale || (_told > Math.Max(_position, last) && _told != _unfound))
            {
                _unfound = _told;
                _isStale = false;
                return false;
            }

            _position = Math.Max(_position, _told);
            IsAtInstant = false;
            _phase = Phase.Live;
            if (!AsksForEnd) return true;

            AsksForEnd = false;
            Subscriber.Tell(new Notice.Replayed(Topic, Cursor));
            return true;
        }
    }

    /// <summary>Nothing is sent any more.</summary>
    public void End()
    {
        lock (_lock) _phase = Phase.Ended;
    }

    // False: it found no room. It is kept, and can be read again later.
    private bool TryDeliver(EventFrames frames, EventPlace place)
    {
        if (_sight.Sees(frames.Owner))
        {
            if (!Subscriber.Channel.TryAdd(frames.For(Subscriber))) return false;

            _cursor = place.Position;
            IsAtInstant = false;
        }

        _position = place.Position;
        return true;
    }
}
