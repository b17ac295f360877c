using Teal.Core.States;

namespace Teal.Tests.Support;

/// <summary>
/// A store before each of whose calls a test does something; where that throws, the call fails and nothing of it is done.
/// </summary>
internal sealed class HookedStateStore(ICallbackStateStore store, Func<string, string, Task> before) : ICallbackStateStore
{
    public async ValueTask<CallbackState?> FindAsync(string state, CancellationToken cancellationToken)
    {
        await before(nameof(FindAsync), state);
        return await store.FindAsync(state, cancellationToken);
    }

    public async ValueTask<StoreResult> PutAsync(CallbackState state, CancellationToken cancellationToken)
    {
        await before(nameof(PutAsync), state.State);
        return await store.PutAsync(state, cancellationToken);
    }

    public async ValueTask<bool> DeleteAsync(string state, string owner, CancellationToken cancellationToken)
    {
        await before(nameof(DeleteAsync), state);
        return await store.DeleteAsync(state, owner, cancellationToken);
    }
}
