using Microsoft.Extensions.Logging;
using Teal.Accounts.Authentication;
using Teal.Accounts.Directory;
using Teal.Accounts.Hashing;
using Teal.Accounts.Limits;
using Teal.Core.Configuration;
using Teal.Core.Hosting;
using Teal.Core.Identities;

namespace Teal.Accounts.Passwords;

/// <summary>
/// Decides on passwords (specification 8.3). A right one costs a hash at most once a minute; one that stands in the settings as it is costs
/// none. A wrong one costs the same whatever is wrong with it, and counts.
/// </summary>
internal sealed partial class PasswordCheck(
    AccountDirectory directory, StoredAccounts stored, PasswordHasher hasher, RememberedPasswords remembered, SharedChecks shared,
    FailureLimits limits, Live<AccountOptions> accounts, ILogger<PasswordCheck> logger) : ICredentialCheck
{
    // The hashes that wait take some seconds at most.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    /// <summary>Any user with any secret: it is asked last.</summary>
    public bool Recognizes(Credential credential) => credential is Credential.Password;

    /// <inheritdoc/>
    public async ValueTask<AuthenticationResult> CheckAsync(Credential credential, Arrival arrival, CancellationToken cancellationToken)
    {
        var (user, password) = (Credential.Password)credential;
        var isName = AccountName.TryParse(user, out var name) && (name != Identity.AnonymousName || user == name);

        // What is no name counts as well: as it is, and what is too long for one as one.
        var attempt = new Attempt(isName ? name! : user.Length <= AccountName.MaximumLength ? user : "", password, arrival);
        var wait = limits.WaitOf(attempt.Name, arrival.Network);
        if (wait > TimeSpan.Zero && !MayBeLookedAt(arrival)) return new AuthenticationResult.TooMany(wait);

        var account = isName ? await directory.FindAsync(name!, cancellationToken) : null;
        if (account is { Enabled: false }) account = null;
        var mark = remembered.MarkOf(attempt.Name, account, password);
        if (shared.Find(mark) is { } check) return await JoinAsync(attempt, account, check, cancellationToken);

        // It goes on for who goes away: that must not make room for the next guess.
        return await BeginAsync(attempt, account, mark).WaitAsync(cancellationToken);
    }

    // Clients that cannot be told apart from who guesses are not locked out with him, as long as what his guesses cost leaves room.
    private bool MayBeLookedAt(Arrival arrival) => arrival.StandsForMany && hasher.IsHalfFree;

    // Who joins counts once it is known what he joined: a thousand clients may come back at once with the same password.
    private async Task<AuthenticationResult> JoinAsync(
        Attempt attempt, Account? account, Task<bool> check, CancellationToken cancellationToken)
    {
        if (await check.WaitAsync(cancellationToken) && account is not null) return Accept(account);

        var wait = limits.FailToo(attempt.Name, attempt.Arrival.Network);
        return wait == TimeSpan.Zero ? AuthenticationResult.NotProven : new AuthenticationResult.TooMany(wait);
    }

    private async Task<AuthenticationResult> BeginAsync(Attempt attempt, Account? account, UInt128 mark)
    {
        var (name, network) = (attempt.Name, attempt.Arrival.Network);
        var wait = limits.Begin(name, network);
        if (wait > TimeSpan.Zero) return await LookUncountedAsync(attempt, account, mark, wait);

        bool? isRight = null;
        try
        {
            isRight = await IsRightAsync(attempt, account, mark);
        }
        finally
        {
            limits.End(name, network, isRight);
        }

        if (isRight is null) return new AuthenticationResult.Unavailable(Pause);
        return isRight.Value ? Accept(account!) : AuthenticationResult.NotProven;
    }

    private async Task<AuthenticationResult> LookUncountedAsync(Attempt attempt, Account? account, UInt128 mark, TimeSpan wait) =>
        MayBeLookedAt(attempt.Arrival) && await IsRightAsync(attempt, account, mark) == true
            ? Accept(account!) : new AuthenticationResult.TooMany(wait);

    // Null: too many wait to be looked at.
    private async Task<bool?> IsRightAsync(Attempt attempt, Account? account, UInt128 mark)
    {
        // All of it is done whatever the account is like, so that the time tells nothing.
        var isSame = (account?.PasswordDigest ?? PasswordDigest.Nobodys).IsOf(attempt.Password);
        if ((remembered.Has(mark) | isSame) && account is not null) return true;

        var hash = PasswordHash.TryParse(account?.PasswordHash, out var parsed) ? parsed : null;
        if (shared.Join(mark, () => TryCompute(attempt, hash, mark)) is not { } check) return null;

        // Where the process stops, whoever waits goes on to another.
        await ((Task)check).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (check.IsCanceled) return null;

        var isRight = await check;
        if (isRight && hasher.IsOutdated(hash!) && account!.Origin == AccountOrigin.Store) _ = UpgradeAsync(account, attempt.Password);
        return isRight;
    }

    // Half of the queue is for those who logged in from where they are before: strangers cannot fill it.
    private Task<bool>? TryCompute(Attempt attempt, PasswordHash? hash, UInt128 mark)
    {
        if (!hasher.IsHalfFree && !limits.IsKnown(attempt.Name, attempt.Arrival.Network)) return null;

        return hasher.TryCheck(hash, attempt.Password, accounts.Now.MostRounds) is { } check ? RememberAsync(check, mark) : null;
    }

    // Before it is over for those who join.
    private async Task<bool> RememberAsync(Task<bool> check, UInt128 mark)
    {
        var isRight = await check;
        if (isRight) remembered.Add(mark);
        return isRight;
    }

    private AuthenticationResult.Accepted Accept(Account account) => new(directory.IdentityOf(account));

    // Behind the answer. Where it does not work it is done with another login.
    private async Task UpgradeAsync(Account account, string password)
    {
        try
        {
            // Nothing where the account changed meanwhile.
            if (hasher.TryMake(password) is not { } hashing) return;

            var upgraded = account with { PasswordHash = (await hashing).ToString() };
            await stored.PutAsync(upgraded, account.Version, CancellationToken.None);
        }
        catch (Exception exception)
        {
            Log.NotUpgraded(logger, account.Name, StoreException.Describe(exception));
        }
    }

    /// <summary>A try to come in.</summary>
    /// <param name="Name">The account, or what was given for one.</param>
    /// <param name="Password">Its password.</param>
    /// <param name="Arrival">Where it comes from.</param>
    private readonly record struct Attempt(string Name, string Password, Arrival Arrival);

    private static partial class Log
    {
        [LoggerMessage(9004, LogLevel.Debug, "The hash of the account {Account} could not be made anew ({Fault})")]
        public static partial void NotUpgraded(ILogger logger, string account, string fault);
    }
}
