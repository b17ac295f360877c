using Teal.Accounts.Authentication;
using Teal.Accounts.Directory;
using Teal.Core.Identities;

namespace Teal.Accounts.OneTimePasswords;

/// <summary>Knows one-time passwords, each of which is right once.</summary>
internal sealed class OneTimePasswordCheck(OneTimePasswordService passwords, AccountDirectory accounts) : ICredentialCheck
{
    /// <inheritdoc/>
    public bool Recognizes(Credential credential) =>
        credential is Credential.Password(_, var secret) && OneTimePasswordService.IsMeant(secret);

    /// <inheritdoc/>
    public async ValueTask<AuthenticationResult> CheckAsync(Credential credential, Arrival arrival, CancellationToken cancellationToken)
    {
        if (credential is not Credential.Password(var user, var text) { IsNoKey: false } || !AccountName.TryParse(user, out var name))
            return AuthenticationResult.NotProven;

        // The account first: one that is disabled uses nothing up.
        return await accounts.FindOwnerAsync(name, cancellationToken) is { } owner
            && await passwords.TryTakeAsync(name, text, accounts.MarkOf(owner), cancellationToken)
            ? new AuthenticationResult.Accepted(accounts.OnceOf(owner)) : AuthenticationResult.NotProven;
    }
}
