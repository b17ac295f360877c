using Teal.Accounts.Faults;

namespace Teal.Accounts.OneTimePasswords;

/// <summary>What came of the wish for a one-time password.</summary>
public abstract record OneTimePasswordResult
{
    private OneTimePasswordResult()
    {
    }

    /// <summary>It is made.</summary>
    /// <param name="Text">The password, to be shown this once.</param>
    /// <param name="ExpiresAt">When it ends, UTC.</param>
    public sealed record Made(string Text, DateTime ExpiresAt) : OneTimePasswordResult
    {
        /// <summary>Nothing: a password has no place in a log.</summary>
        public override string ToString() => nameof(Made);
    }

    /// <summary>It is not.</summary>
    /// <param name="Fault">Why.</param>
    public sealed record Refused(AccountFault Fault) : OneTimePasswordResult;
}
