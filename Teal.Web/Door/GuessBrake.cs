using Teal.Core.Addresses;
using Teal.Core.Configuration;
using Teal.Core.Hosting;

namespace Teal.Web.Door;

/// <summary>
/// Slows down who guesses passwords (specification 7.1). Each wrong one puts its network in debt for a time that doubles up to
/// <see cref="DoorOptions.GuessDelay"/>, and its answer is held back until the debt is paid, at most that long. Who is too deep in debt is
/// not listened to until some of it is paid, so that many guesses at once, or guesses whose answers nobody waits for, are not faster.
/// Networks without a wrong password are never held up, and neither is a right password that is listened to.
/// </summary>
public sealed class GuessBrake(Live<DoorOptions> live, TimeProvider clock) : IDrainStep, IDisposable
{
    // The first wrong password is a slip, and costs nothing; the second one costs this much.
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(100);

    // How many of the longest delays somebody may owe.
    private const int DeepestDebt = 3;

    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _lock = new();
    private readonly Dictionary<ClientNetwork, LinkedListNode<Guesser>> _guessers = [];

    // In the order of their last wrong passwords.
    private readonly LinkedList<Guesser> _byAge = [];
    private int _held;

    private DoorOptions Options => live.Now;

    /// <inheritdoc/>
    public DrainStage Stage => DrainStage.Intake;

    /// <summary>How many networks are remembered.</summary>
    public int Count
    {
        get
        {
            lock (_lock) return _guessers.Count;
        }
    }

    /// <summary>How many answers are held back.</summary>
    public int Held => Volatile.Read(ref _held);

    /// <summary>How long a network must wait before it is listened to again; zero: not at all.</summary>
    /// <param name="network">The network.</param>
    /// <param name="standsForMany">
    /// Whether others than the guesser come from there, who cannot be told apart: they are listened to as long as answers can
    /// be held back at all.
    /// </param>
    public TimeSpan WaitOf(ClientNetwork network, bool standsForMany)
    {
        var options = live.Now;
        if (options.GuessDelay == TimeSpan.Zero) return TimeSpan.Zero;

        lock (_lock)
        {
            if (!_guessers.TryGetValue(network, out var node) || DebtOf(node.Value) is var debt && debt <= TimeSpan.Zero)
                return TimeSpan.Zero;
            if (Held >= options.MaximumHeldGuesses) return options.GuessDelay;
            return standsForMany || debt <= DeepestDebt * options.GuessDelay ? TimeSpan.Zero : debt - (DeepestDebt * options.GuessDelay);
        }
    }

    /// <summary>Notes a wrong password, and returns how long its answer is to be held back.</summary>
    public TimeSpan Note(ClientNetwork network)
    {
        lock (_lock)
        {
            var guesser = Find(network);
            var debt = Max(DebtOf(guesser), TimeSpan.Zero) + CostOf(guesser.Guesses++);
            guesser.PaidAt = clock.GetTimestamp() + (long)(debt.TotalSeconds * clock.TimestampFrequency);
            return debt < Options.GuessDelay ? debt : Options.GuessDelay;
        }
    }

    /// <summary>Holds an answer back, on no thread. False, at once: too many are held back already.</summary>
    public async ValueTask<bool> HoldAsync(TimeSpan delay)
    {
        if (delay <= TimeSpan.Zero) return true;

        try
        {
            if (Interlocked.Increment(ref _held) > Options.MaximumHeldGuesses) return false;

            // Also for a client that went away: going away must not make room for the next guess.
            await Task.Delay(delay, clock, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return true;
        }
        finally
        {
            Interlocked.Decrement(ref _held);
        }
    }

    /// <summary>Lets all answers go that are held back: nobody waits for them.</summary>
    public Task DrainAsync(CancellationToken cancellationToken) => _stopping.CancelAsync();

    /// <inheritdoc/>
    public void Dispose() => _stopping.Dispose();

    // At the end of those by age; the oldest ones make room.
    private Guesser Find(ClientNetwork network)
    {
        if (_guessers.Remove(network, out var node)) _byAge.Remove(node);

        // More than one, where fewer are to be remembered than before.
        while (_guessers.Count >= Options.MaximumGuessers && _byAge.First is { } oldest)
        {
            _byAge.Remove(oldest);
            _guessers.Remove(oldest.Value.Network);
        }

        if (node is null || -DebtOf(node.Value) >= Options.GuessMemory)
            node = new LinkedListNode<Guesser>(new Guesser(network) { PaidAt = clock.GetTimestamp() });
        _byAge.AddLast(node);
        _guessers.Add(network, node);
        return node.Value;
    }

    // Negative: for how long it is paid.
    private TimeSpan DebtOf(Guesser guesser) => clock.GetElapsedTime(clock.GetTimestamp(), guesser.PaidAt);

    private TimeSpan CostOf(int guesses)
    {
        var cost = guesses == 0 ? TimeSpan.Zero : FirstDelay * Math.Pow(2, Math.Min(guesses - 1, 30));
        return cost < Options.GuessDelay ? cost : Options.GuessDelay;
    }

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private sealed class Guesser(ClientNetwork network)
    {
        public ClientNetwork Network { get; } = network;

        public int Guesses { get; set; }

        /// <summary>When its debt is paid, a timestamp of the clock.</summary>
        public long PaidAt { get; set; }
    }
}
