using Teal.Core.Events;

namespace Teal.Dispatcher.Registrations;

/// <summary>
/// The registrations that wait for a page of the journal. Topics take turns; in each, one page is read for all who wait for the same one by
/// then, so that a thousand clients that come at once cost hardly more reading than one. Also counts who reads, up to a limit.
/// </summary>
/// <param name="mostReaders">How many turns there may be at the same time, each of another topic.</param>
internal sealed class ReplayTurns(int mostReaders)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Topic, Waiting> _topics = [];
    private readonly Queue<Topic> _due = new();
    private int _readers;

    /// <summary>Adds one that waits. True: a reader more is to be started for it.</summary>
    public bool Add(Registration registration)
    {
        lock (_lock)
        {
            if (!_topics.TryGetValue(registration.Topic, out var waiting)) _topics[registration.Topic] = waiting = new Waiting();
            waiting.Add(registration);
            if (waiting.IsDue) return false;

            MakeDue(registration.Topic, waiting);
            if (_readers == mostReaders) return false;

            _readers++;
            return true;
        }
    }

    /// <summary>The next turn; null: there is none, and the reader that asked ends.</summary>
    /// <param name="ended">The topic whose turn it had before; null: none.</param>
    public ReplayTurn? Next(Topic? ended)
    {
        lock (_lock)
        {
            if (ended is { } topic && _topics.TryGetValue(topic, out var waiting))
            {
                if (waiting.IsEmpty) _topics.Remove(topic);
                else MakeDue(topic, waiting);
            }

            if (_due.TryDequeue(out var next)) return _topics[next].Take(next);

            _readers--;
            return null;
        }
    }

    private void MakeDue(Topic topic, Waiting waiting)
    {
        waiting.IsDue = true;
        _due.Enqueue(topic);
    }

    /// <summary>Those of a topic, by where they are; who came first has the first turn.</summary>
    private sealed class Waiting
    {
        private readonly Dictionary<long, List<Registration>> _groups = [];
        private readonly Queue<long> _positions = new();

        // Whether its turn comes, or runs.
        public bool IsDue { get; set; }

        public bool IsEmpty => _positions.Count == 0;

        public void Add(Registration registration)
        {
            var position = registration.Position;
            if (!_groups.TryGetValue(position, out var group))
            {
                _groups[position] = group = [];
                _positions.Enqueue(position);
            }

            group.Add(registration);
        }

        public ReplayTurn Take(Topic topic)
        {
            var position = _positions.Dequeue();
            _groups.Remove(position, out var group);
            return new ReplayTurn(topic, position, group!);
        }
    }
}
