namespace Teal.Core.States;

/// <summary>Knows where the states of accounts may lead now (specification 8.6).</summary>
public interface IRedirectRules
{
    /// <summary>
    /// Whether a state may lead where it does, as the lists of its maker are now. Throws where nobody can be asked. Any thread may call it.
    /// </summary>
    ValueTask<bool> AllowAsync(CallbackState state, CancellationToken cancellationToken);
}
