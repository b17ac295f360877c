using Teal.Core.Addresses;

namespace Teal.Host.Serving;

/// <summary>
/// The turns of long requests, which take several times their size and milliseconds of processor time each. A few at a time are read by the web server and answered, of one client after the
/// other. The rest wait in their buffers, and nobody who sends little waits for them.
/// </summary>
internal sealed class HeadTurns(TimeProvider clock)
{
    /// <summary>How much has to have come for a request to be long, in bytes; with what was sent behind it.</summary>
    public const int LongSize = 8 * 1024;

    /// <summary>How many have a turn at once.</summary>
    public const int MostAtOnce = 2;

    // Somebody who does not read his answer is not waited for.
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private readonly Dictionary<ClientNetwork, Queue<Turn>> _waiting = [];
    private readonly Queue<ClientNetwork> _clients = new();
    private int _running;

    /// <summary>Asks for a turn. <see cref="Turn.End"/> has to follow.</summary>
    /// <param name="client">Whose request it is; null: it cannot be told apart from others.</param>
    public Turn Enter(ClientNetwork? client)
    {
        var turn = new Turn();
        lock (_lock)
        {
            Add(client ?? default, turn);
            if (_running == MostAtOnce) return turn;

            _running++;
        }

        _ = RunAsync();
        return turn;
    }

    private async Task RunAsync()
    {
        while (TryTake() is { } turn)
        {
            turn.Begin();
            await Task.WhenAny(turn.Over, Task.Delay(Longest, clock));
            turn.End();
        }
    }

    private void Add(ClientNetwork client, Turn turn)
    {
        if (!_waiting.TryGetValue(client, out var own))
        {
            _waiting.Add(client, own = new Queue<Turn>());
            _clients.Enqueue(client);
        }

        own.Enqueue(turn);
    }

    private Turn? TryTake()
    {
        lock (_lock)
        {
            if (!_clients.TryDequeue(out var client))
            {
                _running--;
                return null;
            }

            var own = _waiting[client];
            var turn = own.Dequeue();
            if (own.Count > 0) _clients.Enqueue(client);
            else _waiting.Remove(client);
            return turn;
        }
    }

    /// <summary>The turn of one request.</summary>
    internal sealed class Turn
    {
        private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously), _over = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Completes when it is its turn, or it is over.</summary>
        public Task Begun => _begun.Task;

        /// <summary>Completes when it is over.</summary>
        public Task Over => _over.Task;

        /// <summary>It is its turn.</summary>
        public void Begin() => _begun.TrySetResult();

        /// <summary>It is over; also before it began.</summary>
        public void End()
        {
            _over.TrySetResult();
            _begun.TrySetResult();
        }
    }
}
