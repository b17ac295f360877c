namespace Teal.Core.Identities;

/// <summary>Says what became of an identity since its client was let in (specification 8.7).</summary>
public interface IIdentityRenewal
{
    /// <summary>
    /// The identity as it is now: the same object where nothing changed, and null where the credential that it came with is over. Throws
    /// where nobody can be asked: then it stays as it is.
    /// </summary>
    ValueTask<Identity?> RenewAsync(Identity identity, CancellationToken cancellationToken);

    /// <summary>
    /// What becomes of an identity whose client brings another token of an outside issuer (specification 8.8): it is accepted where it is
    /// the same account's and team's. Default: none is. Throws where nobody can be asked.
    /// </summary>
    ValueTask<AuthenticationResult> RefreshAsync(Identity identity, string token, CancellationToken cancellationToken) =>
        ValueTask.FromResult(AuthenticationResult.NotProven);
}
