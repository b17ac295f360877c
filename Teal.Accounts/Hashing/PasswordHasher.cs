using Teal.Core.Configuration;

namespace Teal.Accounts.Hashing;

/// <summary>Makes and checks hashes of passwords, on threads of its own.</summary>
internal sealed class PasswordHasher(HashThreads threads, Live<HashingOptions> live)
{
    /// <summary>Whether there is room for who may have to wait.</summary>
    public bool IsHalfFree => threads.IsHalfFree;

    /// <summary>Whether a hash was made with fewer rounds than one would be now.</summary>
    public bool IsOutdated(PasswordHash hash) => hash.Rounds < live.Now.Rounds;

    /// <summary>Makes a hash; null: too many wait already.</summary>
    public Task<PasswordHash>? TryMake(string password)
    {
        var rounds = live.Now.Rounds;
        return threads.TryRun(() => PasswordHash.Make(password, rounds));
    }

    /// <summary>
    /// Whether a hash is that of a password; null: too many wait already. A «no» takes the same time for all hashes, and where there is
    /// none.
    /// </summary>
    /// <param name="hash">The hash; null: nothing is right.</param>
    /// <param name="password">The password.</param>
    /// <param name="mostRounds">The most rounds that a hash is known to have.</param>
    public Task<bool>? TryCheck(PasswordHash? hash, string password, int mostRounds)
    {
        var rounds = Math.Max(live.Now.Rounds, mostRounds);
        return threads.TryRun(() =>
        {
            if (hash?.IsOf(password) == true) return true;

            PasswordHash.Waste(password, rounds - (hash?.Rounds ?? 0));
            return false;
        });
    }
}
