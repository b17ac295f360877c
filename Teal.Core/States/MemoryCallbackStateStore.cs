using System.Collections.Concurrent;
using Teal.Core.Hosting;

namespace Teal.Core.States;

/// <summary>States in memory: found without waiting, gone with the process.</summary>
public sealed class MemoryCallbackStateStore(CallbackStateOptions options, TimeProvider clock) : ICallbackStateStore, IExpirySweep, IDependencyProbe
{
    private readonly ConcurrentDictionary<string, CallbackState> _states = new(StringComparer.Ordinal);
    private int _count;

    /// <inheritdoc/>
    public string Name => "store";

    /// <summary>How many states it holds, expired ones that were not swept included.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <inheritdoc/>
    public ValueTask<bool> IsAvailableAsync(CancellationToken cancellationToken) => ValueTask.FromResult(true);

    /// <inheritdoc/>
    public ValueTask<CallbackState?> FindAsync(string state, CancellationToken cancellationToken) => ValueTask.FromResult(Find(state));

    /// <inheritdoc/>
    public ValueTask<StoreResult> PutAsync(CallbackState state, CancellationToken cancellationToken)
    {
        if (!HasRoomFor(state.State)) return ValueTask.FromResult(StoreResult.Full);

        Put(state);
        return ValueTask.FromResult(StoreResult.Stored);
    }

    /// <inheritdoc/>
    public ValueTask<bool> DeleteAsync(string state, CancellationToken cancellationToken) => ValueTask.FromResult(Delete(state));

    /// <inheritdoc/>
    public ValueTask<int> SweepAsync(CancellationToken cancellationToken)
    {
        // The dictionary is walked without a lock, so nobody waits for it.
        var now = clock.GetUtcNow();
        var swept = 0;
        foreach (var entry in _states)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (entry.Value.IsExpired(now) && Remove(entry)) swept++;
        }

        return ValueTask.FromResult(swept);
    }

    /// <summary>Whether <paramref name="state"/> may be stored: it is there already, or the store is not full.</summary>
    public bool HasRoomFor(string state) => Count < options.MaximumStates || _states.ContainsKey(state);

    /// <summary><see cref="PutAsync"/> without the bound.</summary>
    public void Put(CallbackState state)
    {
        // AddOrUpdate may run its functions more than once, so the count cannot be kept in them.
        while (true)
        {
            if (_states.TryAdd(state.State, state))
            {
                Interlocked.Increment(ref _count);
                return;
            }

            if (_states.TryGetValue(state.State, out var previous) && _states.TryUpdate(state.State, state, previous)) return;
        }
    }

    /// <summary><see cref="DeleteAsync"/>, at once.</summary>
    public bool Delete(string state)
    {
        if (!_states.TryRemove(state, out var removed)) return false;

        Interlocked.Decrement(ref _count);
        return !removed.IsExpired(clock.GetUtcNow());
    }

    private CallbackState? Find(string state)
    {
        if (!_states.TryGetValue(state, out var found)) return null;
        if (!found.IsExpired(clock.GetUtcNow())) return found;

        // Exactly this entry: a new one under the same state may have come in between.
        Remove(new KeyValuePair<string, CallbackState>(state, found));
        return null;
    }

    private bool Remove(KeyValuePair<string, CallbackState> entry)
    {
        if (!_states.TryRemove(entry)) return false;

        Interlocked.Decrement(ref _count);
        return true;
    }
}
