namespace Teal.Accounts.Tickets;

/// <summary>Sees to it that no account has all tickets that there may be: counts those that this process made a moment ago.</summary>
internal sealed class TicketLimit(TicketOptions options, TimeProvider clock)
{
    private readonly Lock _lock = new();
    private readonly Queue<(DateTimeOffset End, string Account)> _made = [];
    private readonly Dictionary<string, int> _counts = [];

    /// <summary>Counts one more; false: the account has as many as it may have, or there are as many as there may be.</summary>
    public bool TryCount(string account)
    {
        lock (_lock)
        {
            Forget();
            var count = _counts.GetValueOrDefault(account);
            if (count >= options.MaximumPerAccount || _made.Count >= options.Maximum) return false;

            _counts[account] = count + 1;
            _made.Enqueue((clock.GetUtcNow() + options.Lifetime, account));
            return true;
        }
    }

    private void Forget()
    {
        for (var now = clock.GetUtcNow(); _made.TryPeek(out var oldest) && oldest.End <= now; _made.Dequeue())
        {
            if (--_counts[oldest.Account] == 0) _counts.Remove(oldest.Account);
        }
    }
}
