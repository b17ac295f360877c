namespace Teal.Accounts.Passwords;

/// <summary>The checks that are under way: who brings the same password for the same account waits for the same one.</summary>
internal sealed class SharedChecks
{
    private readonly Lock _lock = new();
    private readonly Dictionary<UInt128, Task<bool>> _underWay = [];

    /// <summary>The one that is under way; null: none is.</summary>
    public Task<bool>? Find(UInt128 mark)
    {
        lock (_lock) return _underWay.GetValueOrDefault(mark);
    }

    /// <summary>Joins the one that is under way, or begins one; null: it could not begin.</summary>
    /// <param name="mark">What is checked.</param>
    /// <param name="begin">Begins it; null: that is not possible now.</param>
    public Task<bool>? Join(UInt128 mark, Func<Task<bool>?> begin)
    {
        lock (_lock)
        {
            if (_underWay.TryGetValue(mark, out var found)) return found;
            if (begin() is not { } check) return null;

            _underWay.Add(mark, check);
            _ = EndAsync(mark, check);
            return check;
        }
    }

    private async Task EndAsync(UInt128 mark, Task check)
    {
        await check.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (_lock) _underWay.Remove(mark);
    }
}
