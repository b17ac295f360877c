using System.Collections.Concurrent;
using Teal.Core.Hosting;

namespace Teal.Core.States;

/// <summary>States in memory: found without waiting, gone with the process.</summary>
public sealed class MemoryCallbackStateStore(CallbackStateOptions options, TimeProvider clock)
    : ICallbackStateStore, IExpirySweep, IDependencyProbe
{
    // The objects and the place in the dictionary, without the texts.
    private const int Overhead = 200;

    private readonly ConcurrentDictionary<string, CallbackState> _states = new(StringComparer.Ordinal);
    private int _count;
    private long _size;

    /// <inheritdoc/>
    public string Name => IDependencyProbe.Store;

    /// <summary>How many states it holds, expired ones that were not swept included.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <inheritdoc/>
    public ValueTask<DependencyState> CheckAsync(CancellationToken cancellationToken) => ValueTask.FromResult(DependencyState.Ok);

    /// <inheritdoc/>
    public ValueTask<CallbackState?> FindAsync(string state, CancellationToken cancellationToken) => ValueTask.FromResult(Find(state));

    /// <inheritdoc/>
    public ValueTask<StoreResult> PutAsync(CallbackState state, CancellationToken cancellationToken)
    {
        if (!TryReserve(state)) return ValueTask.FromResult(StoreResult.Full);
        if (TryPut(state, static (previous, state, now) => previous.Owner == state.Owner || previous.IsExpired(now)))
            return ValueTask.FromResult(StoreResult.Stored);

        Release(state);
        return ValueTask.FromResult(StoreResult.NotYours);
    }

    /// <inheritdoc/>
    public ValueTask<bool> DeleteAsync(string state, string owner, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Delete(state, owner));

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

    /// <summary>
    /// Takes the room that a state needs; false when there is none. Either <see cref="Put"/> or <see cref="Release"/> follows.
    /// </summary>
    public bool TryReserve(CallbackState state)
    {
        Reserve(state);
        var isReplaced = _states.TryGetValue(state.State, out var previous);
        var count = Count - (isReplaced ? 1 : 0);
        var size = Volatile.Read(ref _size) - (isReplaced ? SizeOf(previous!) : 0);
        if (count <= options.MaximumStates && size <= options.MaximumStatesSize) return true;

        Release(state);
        return false;
    }

    /// <summary>Takes the room that a state needs, whether there is any or not: for one that was stored before.</summary>
    public void Reserve(CallbackState state)
    {
        Interlocked.Increment(ref _count);
        Interlocked.Add(ref _size, SizeOf(state));
    }

    /// <summary>Gives a state's room back.</summary>
    public void Release(CallbackState state)
    {
        Interlocked.Decrement(ref _count);
        Interlocked.Add(ref _size, -SizeOf(state));
    }

    /// <summary>Stores a state that has its room, whatever is there.</summary>
    public void Put(CallbackState state) => TryPut(state, static (_, _, _) => true);

    /// <summary><see cref="DeleteAsync"/>, at once.</summary>
    public bool Delete(string state, string owner)
    {
        while (_states.TryGetValue(state, out var found) && found.Owner == owner)
        {
            if (Remove(new(state, found))) return !found.IsExpired(clock.GetUtcNow());
        }

        return false;
    }

    private bool TryPut(CallbackState state, Func<CallbackState, CallbackState, DateTimeOffset, bool> mayReplace)
    {
        // AddOrUpdate may run its functions more than once, so what is replaced cannot be counted in them.
        while (!_states.TryAdd(state.State, state))
        {
            if (!_states.TryGetValue(state.State, out var previous)) continue;
            if (!mayReplace(previous, state, clock.GetUtcNow())) return false;
            if (!_states.TryUpdate(state.State, state, previous)) continue;

            Release(previous);
            break;
        }

        return true;
    }

    private static long SizeOf(CallbackState state) =>
        Overhead + (2L * (state.State.Length + (state.FinalRedirectUrl?.Length ?? 0) + (state.MadeBy?.Length ?? 0)));

    // What is expired is left to the sweep, which looks whether the clock can be believed.
    private CallbackState? Find(string state) =>
        _states.TryGetValue(state, out var found) && !found.IsExpired(clock.GetUtcNow()) ? found : null;

    private bool Remove(KeyValuePair<string, CallbackState> entry)
    {
        if (!_states.TryRemove(entry)) return false;

        Release(entry.Value);
        return true;
    }
}
