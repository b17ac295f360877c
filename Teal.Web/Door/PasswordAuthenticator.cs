using System.Security.Cryptography;
using System.Text;
using Teal.Core.Identities;

namespace Teal.Web.Door;

/// <summary>Knows the user <c>anonymous</c> and the configured password.</summary>
internal sealed class PasswordAuthenticator(DoorOptions options) : IAuthenticator
{
    private readonly Identity _anonymous = new(Identity.AnonymousName);
    private readonly byte[] _user = Digest(Identity.AnonymousName);
    private readonly byte[] _password = Digest(options.Password);

    public ValueTask<Identity?> AuthenticateAsync(Credential credential, CancellationToken cancellationToken)
    {
        // Digests have one length, so that the comparison tells nothing of the secret's; both are always compared.
        var user = CryptographicOperations.FixedTimeEquals(Digest(credential.User), _user);
        var password = CryptographicOperations.FixedTimeEquals(Digest(credential.Password), _password);
        return ValueTask.FromResult(user & password ? _anonymous : null);
    }

    private static byte[] Digest(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
