namespace Teal.Core.Identities;

/// <summary>The one door for identities: every transport extracts a credential, and asks here.</summary>
public interface IAuthenticator
{
    /// <summary>
    /// The identity that the credential proves, or null. Never throws: a failing back end means «not authenticated», with the
    /// reason in the log only. Takes the same time whether user or password is wrong.
    /// </summary>
    ValueTask<Identity?> AuthenticateAsync(Credential credential, CancellationToken cancellationToken);
}
