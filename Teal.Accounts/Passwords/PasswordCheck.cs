using System.Security.Cryptography;
using System.Text;
using Teal.Accounts.Authentication;
using Teal.Accounts.Directory;
using Teal.Core.Configuration;
using Teal.Core.Identities;

namespace Teal.Accounts.Passwords;

/// <summary>Knows the user <c>anonymous</c> and the configured password.</summary>
internal sealed class PasswordCheck(Live<AccountOptions> options) : ICredentialCheck
{
    private readonly byte[] _user = Digest(Identity.AnonymousName);

    // Immutable, so that it needs no lock.
    private Known? _known;

    private byte[] Password
    {
        get
        {
            var now = options.Now;
            var known = _known;
            if (known?.Options != now) _known = known = new Known(now, Digest(now.Password));
            return known.Password;
        }
    }

    /// <summary>Any user with any secret: it is asked last.</summary>
    public bool Recognizes(Credential credential) => credential is Credential.Password;

    /// <inheritdoc/>
    public ValueTask<AuthenticationResult> CheckAsync(Credential credential, Arrival arrival, CancellationToken cancellationToken)
    {
        // Digests have one length, so that the comparison tells nothing of the secret's; both are always compared.
        var (userName, secret) = (Credential.Password)credential;
        var user = CryptographicOperations.FixedTimeEquals(Digest(userName), _user);
        var password = CryptographicOperations.FixedTimeEquals(Digest(secret), Password);
        return ValueTask.FromResult(
            user & password ? new AuthenticationResult.Accepted(Identity.Anonymous) : AuthenticationResult.NotProven);
    }

    private static byte[] Digest(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));

    /// <summary>The digest of the password that options have.</summary>
    private sealed record Known(AccountOptions Options, byte[] Password);
}
