namespace Teal.Core.States;

/// <summary>
/// Keeps callback states. A state that <see cref="PutAsync"/> has stored is found by every later <see cref="FindAsync"/>, in any
/// process on the same store, until it expires. Members throw when the store cannot be reached; any thread may call them.
/// </summary>
public interface ICallbackStateStore
{
    /// <summary>The state's settings, or null when it is unknown or expired.</summary>
    ValueTask<CallbackState?> FindAsync(string state, CancellationToken cancellationToken);

    /// <summary>The same for a client's message. Many of these at once hold up no callback.</summary>
    ValueTask<CallbackState?> FindForClientAsync(string state, CancellationToken cancellationToken) => FindAsync(state, cancellationToken);

    /// <summary>
    /// Stores a state, or replaces the settings of one that has the same owner or has expired. Of two calls at the same time one wins
    /// whole, and of two owners the first one.
    /// </summary>
    ValueTask<StoreResult> PutAsync(CallbackState state, CancellationToken cancellationToken);

    /// <summary>Deletes a state; false when that owner had none.</summary>
    ValueTask<bool> DeleteAsync(string state, string owner, CancellationToken cancellationToken);
}
