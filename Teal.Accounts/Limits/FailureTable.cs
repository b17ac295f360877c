using Teal.Core.Bounds;

namespace Teal.Accounts.Limits;

/// <summary>The failures of addresses, of accounts, or of both together. Not for several threads at once.</summary>
internal sealed class FailureTable<TKey>
    where TKey : notnull
{
    private readonly AgeTable<TKey, FailureWindow> _windows = new();

    /// <summary>How many are counted.</summary>
    public int Count => _windows.Count;

    /// <summary>How many failures there were, and how many attempts may become some.</summary>
    public (int Failed, int Pending) Find(TKey key, long part) =>
        _windows.TryFind(key, out var window) ? (window.Count(part), window.Pending) : default;

    /// <summary>The part of the time from which on there are fewer failures than a limit.</summary>
    public long FirstBelow(TKey key, int limit, long part) =>
        _windows.TryFind(key, out var window) ? window.FirstBelow(limit, part) : part;

    /// <summary>An attempt begins, or ends: it may become a failure meanwhile.</summary>
    public void Move(TKey key, int pending, long part, int most)
    {
        if (!_windows.TryFind(key, out var window))
        {
            // What is counted down was forgotten meanwhile.
            if (pending < 0) return;

            _windows.Put(key, window = new FailureWindow(), most);
        }

        window.Pending = Math.Max(0, window.Pending + pending);
        if (window.IsEmpty(part)) _windows.Remove(key);
    }

    /// <summary>Notes a failure; whoever failed last is forgotten last.</summary>
    public void Note(TKey key, long part, int most)
    {
        if (!_windows.TryFind(key, out var window)) window = new FailureWindow();
        window.Note(part);
        _windows.Put(key, window, most);
    }

    /// <summary>Forgets what failed.</summary>
    public void Forgive(TKey key, long part)
    {
        if (!_windows.TryFind(key, out var window)) return;

        window.Clear();
        if (window.IsEmpty(part)) _windows.Remove(key);
    }

    /// <summary>Forgets all.</summary>
    public void Clear() => _windows.Clear();
}
