using System.Security.Cryptography;
using System.Text;
using Teal.Core.Configuration;
using Teal.Core.Identities;

namespace Teal.Web.Door;

/// <summary>Knows the user <c>anonymous</c> and the configured password.</summary>
internal sealed class PasswordAuthenticator(Live<DoorOptions> options) : IAuthenticator
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

    public ValueTask<Identity?> AuthenticateAsync(Credential credential, CancellationToken cancellationToken)
    {
        // Digests have one length, so that the comparison tells nothing of the secret's; both are always compared.
        var user = CryptographicOperations.FixedTimeEquals(Digest(credential.User), _user);
        var password = CryptographicOperations.FixedTimeEquals(Digest(credential.Password), Password);
        return ValueTask.FromResult(user & password ? Identity.Anonymous : null);
    }

    private static byte[] Digest(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));

    /// <summary>The digest of the password that options have.</summary>
    private sealed record Known(DoorOptions Options, byte[] Password);
}
