using Teal.Core.Addresses;
using Teal.Core.Bounds;
using Teal.Core.Configuration;

namespace Teal.Accounts.Limits;

/// <summary>
/// Counts wrong passwords, so that nobody can guess them, and nobody can lock out somebody else (specification 8.3): for an account from
/// one address, from an address in all, and for an account from everywhere. Attempts that are looked at count as failures until it is known
/// what they are, so that a thousand at once are no more than one after the other. Any thread may call it.
/// </summary>
/// <param name="live">The settings.</param>
/// <param name="clock">The clock.</param>
internal sealed class FailureLimits(Live<FailureOptions> live, TimeProvider clock)
{
    // Where attempts are under way that may all be right.
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly FailureTable<ClientNetwork> _addresses = new();
    private readonly FailureTable<(string, ClientNetwork)> _pairs = new();
    private readonly FailureTable<string> _accounts = new();
    private readonly AgeTable<(string, ClientNetwork), bool> _known = new();
    private TimeSpan _memory = live.Now.Memory;

    /// <summary>How many counters there are.</summary>
    public int Count
    {
        get
        {
            lock (_lock) return _addresses.Count + _pairs.Count + _accounts.Count + _known.Count;
        }
    }

    /// <summary>Whether the account logged in from there before.</summary>
    public bool IsKnown(string account, ClientNetwork network)
    {
        lock (_lock) return _known.TryFind((account, network), out _);
    }

    /// <summary>How long nobody looks at an attempt; zero: somebody may now.</summary>
    public TimeSpan WaitOf(string account, ClientNetwork network)
    {
        lock (_lock) return WaitOf(account, network, isPendingCounted: false);
    }

    /// <summary>
    /// An attempt begins, and has to <see cref="End"/>. Above zero: it does not begin, as nobody looks at it for so long.
    /// </summary>
    public TimeSpan Begin(string account, ClientNetwork network)
    {
        lock (_lock)
        {
            var wait = WaitOf(account, network, isPendingCounted: true);
            if (wait == TimeSpan.Zero) Move(account, network, 1);
            return wait;
        }
    }

    /// <summary>An attempt ends that began.</summary>
    /// <param name="account">The account.</param>
    /// <param name="network">Where it came from.</param>
    /// <param name="isRight">
    /// Whether it was right; what failed for that account from there was a slip then. Null: nobody knows.
    /// </param>
    public void End(string account, ClientNetwork network, bool? isRight)
    {
        lock (_lock)
        {
            Move(account, network, -1);
            if (isRight == false) Note(account, network);
            if (isRight != true) return;

            _pairs.Forgive((account, network), Part());
            _known.Put((account, network), true, live.Now.MaximumCounters);
        }
    }

    /// <summary>
    /// Notes an attempt that did not begin, as it was the same as another, and was wrong as that. Above zero: there were too many already.
    /// </summary>
    public TimeSpan FailToo(string account, ClientNetwork network)
    {
        lock (_lock)
        {
            var wait = WaitOf(account, network, isPendingCounted: true);
            if (wait == TimeSpan.Zero) Note(account, network);
            return wait;
        }
    }

    private TimeSpan WaitOf(string account, ClientNetwork network, bool isPendingCounted)
    {
        var options = live.Now;
        var wait = WaitOf(_addresses, network, options.MaximumPerAddress, isPendingCounted);
        wait = Longer(wait, WaitOf(_pairs, (account, network), options.MaximumPerAccountAndAddress, isPendingCounted));

        // Whoever logged in from there before is not locked out by what strangers do elsewhere.
        return _known.TryFind((account, network), out _)
            ? wait : Longer(wait, WaitOf(_accounts, account, options.MaximumPerAccount, isPendingCounted));
    }

    private TimeSpan WaitOf<TKey>(FailureTable<TKey> table, TKey key, int limit, bool isPendingCounted)
        where TKey : notnull
    {
        var part = Part();
        var (failed, pending) = table.Find(key, part);
        if (failed >= limit) return StartOf(table.FirstBelow(key, limit, part)) - clock.GetElapsedTime(0);
        return isPendingCounted && failed + pending >= limit ? Moment : TimeSpan.Zero;
    }

    private void Move(string account, ClientNetwork network, int pending)
    {
        var (part, most) = (Part(), live.Now.MaximumCounters);
        _addresses.Move(network, pending, part, most);
        _pairs.Move((account, network), pending, part, most);
        _accounts.Move(account, pending, part, most);
    }

    private void Note(string account, ClientNetwork network)
    {
        var (part, most) = (Part(), live.Now.MaximumCounters);
        _addresses.Note(network, part, most);
        _pairs.Note((account, network), part, most);
        _accounts.Note(account, part, most);
    }

    // All but one of the parts are the time that failures count: the first of them is over in part only.
    private TimeSpan PartLength() => _memory / (FailureWindow.Parts - 1);

    private long Part()
    {
        // Parts of another length are others.
        if (live.Now.Memory is var memory && memory != _memory)
        {
            _addresses.Clear();
            _pairs.Clear();
            _accounts.Clear();
            _memory = memory;
        }

        return clock.GetElapsedTime(0).Ticks / PartLength().Ticks;
    }

    // By whole ticks: TimeSpan's own product would round.
    private TimeSpan StartOf(long part) => TimeSpan.FromTicks(part * PartLength().Ticks);

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
