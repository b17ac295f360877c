using Teal.Core.Identities;

namespace Teal.Accounts.Authentication;

/// <summary>
/// Knows one form of credential. The first one among the services that recognizes a credential decides on it, and no other is asked.
/// </summary>
internal interface ICredentialCheck
{
    /// <summary>Whether the credential has the form that this check is for. Nobody is asked for that, and nothing is computed.</summary>
    bool Recognizes(Credential credential);

    /// <summary>Decides on a credential of that form. May throw what a store throws that cannot be reached.</summary>
    ValueTask<AuthenticationResult> CheckAsync(Credential credential, Arrival arrival, CancellationToken cancellationToken);
}
