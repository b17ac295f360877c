using Teal.Core.Addresses;

namespace Teal.Host.Serving;

/// <summary>
/// The turns of long requests, which take several times their size and milliseconds of processor time each. A few at a time are read by the
/// web server and answered, of one client after the other. The rest wait in their buffers, and nobody who sends little waits for them.
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
    private readonly ClientQueue<Turn> _waiting = new();
    private int _running;

    /// <summary>Asks for a turn. <see cref="Turn.End"/> has to follow.</summary>
    /// <param name="client">Whose request it is; null: it cannot be told apart from others.</param>
    public Turn Enter(ClientNetwork? client)
    {
        var turn = new Turn();
        lock (_lock)
        {
            _waiting.Enqueue(client, turn);
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

    private Turn? TryTake()
    {
        lock (_lock)
        {
            if (!_waiting.TryDequeue(out var turn)) _running--;
            return turn;
        }
    }

    /// <summary>The turn of one request.</summary>
    internal sealed class Turn
    {
        private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);

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
