using Teal.Accounts.Authentication;
using Teal.Accounts.Directory;
using Teal.Accounts.Secrets;
using Teal.Core.Identities;

namespace Teal.Accounts.Keys;

/// <summary>
/// Knows API keys, as a token, or as the password of their account. A text that is meant as a key is never tried as a password, and a
/// mistyped one is refused without asking anybody. Nobody is held up: 256 random bits cannot be guessed.
/// </summary>
internal sealed class KeyCheck(KeyStore keys, KeyUse use, KeyIdentities identities, AccountDirectory accounts) : ICredentialCheck
{
    /// <inheritdoc/>
    public bool Recognizes(Credential credential) => credential switch
    {
        Credential.Password(_, var secret) => KeyText.IsMeant(secret),
        Credential.Token(var secret) => KeyText.IsMeant(secret),
        _ => false,
    };

    /// <inheritdoc/>
    public async ValueTask<AuthenticationResult> CheckAsync(Credential credential, Arrival arrival, CancellationToken cancellationToken)
    {
        var (user, text) = credential is Credential.Password(var name, var secret) { IsNoKey: false }
            ? (name, secret) : (null, (credential as Credential.Token)?.Secret);
        if (text is null || !KeyText.TryParse(text, out var given)) return AuthenticationResult.NotProven;

        var found = await keys.FindAsync(given.Id, cancellationToken);
        if (!SecretHash.IsOf(found?.Hash, text) || found is not { } key) return AuthenticationResult.NotProven;
        if (user is not null && !IsNameOf(key.Account, user)) return AuthenticationResult.NotProven;
        if (await accounts.FindOwnerAsync(key.Account, cancellationToken) is not { } owner) return AuthenticationResult.NotProven;

        use.Note(key, arrival);
        return new AuthenticationResult.Accepted(identities.Of(owner, key));
    }

    private static bool IsNameOf(string account, string user) => AccountName.TryParse(user, out var name) && name == account;
}
