namespace Teal.Core.Identities;

/// <summary>Says what became of an identity since its client was let in (specification 8.7).</summary>
public interface IIdentityRenewal
{
    /// <summary>
    /// The identity as it is now: the same object where nothing changed, and null where the credential that it came with is over. Throws
    /// where nobody can be asked: then it stays as it is.
    /// </summary>
    ValueTask<Identity?> RenewAsync(Identity identity, CancellationToken cancellationToken);
}
