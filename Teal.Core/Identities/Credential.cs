namespace Teal.Core.Identities;

/// <summary>What somebody brings to prove who he is, as a transport extracted it (specification 8.3).</summary>
public abstract record Credential
{
    private Credential()
    {
    }

    /// <summary>Nothing: a credential has no place in a log.</summary>
    public sealed override string ToString() => nameof(Credential);

    /// <summary>An account and its secret: a password, a key or a one-time password.</summary>
    /// <param name="User">The account's name, as it was written.</param>
    /// <param name="Secret">The secret.</param>
    public sealed record Password(string User, string Secret) : Credential
    {
        /// <summary>Whether the secret may be a password alone, as it stood where others may read it: in a URL.</summary>
        public bool IsNoKey { get; init; }
    }

    /// <summary>A secret that says itself whose it is: a key, or the token of an outside issuer.</summary>
    /// <param name="Secret">The secret.</param>
    public sealed record Token(string Secret) : Credential;

    /// <summary>A secret for one connection.</summary>
    /// <param name="Secret">The secret.</param>
    public sealed record Ticket(string Secret) : Credential;
}
