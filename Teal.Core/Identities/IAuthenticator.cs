namespace Teal.Core.Identities;

/// <summary>The one door for identities: every transport extracts a credential, and asks here.</summary>
public interface IAuthenticator
{
    /// <summary>
    /// Who the credential proves to be. Never throws, but for the cancellation: what cannot be reached is
    /// <see cref="AuthenticationResult.Unavailable"/>, with the reason in the log alone. A refusal takes the same time whatever it is for.
    /// Gives the same <see cref="Identity"/> to all that prove the same, while nothing of it is changed.
    /// </summary>
    ValueTask<AuthenticationResult> AuthenticateAsync(Credential credential, Arrival arrival, CancellationToken cancellationToken);
}
