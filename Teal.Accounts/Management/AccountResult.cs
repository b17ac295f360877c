using Teal.Accounts.Directory;
using Teal.Accounts.Faults;

namespace Teal.Accounts.Management;

/// <summary>What came of the wish to change an account.</summary>
public abstract record AccountResult
{
    private AccountResult()
    {
    }

    /// <summary>It is done.</summary>
    /// <param name="Account">The account as it is now; as it was, where it was removed.</param>
    public sealed record Done(Account Account) : AccountResult;

    /// <summary>It is not, and nothing was changed.</summary>
    /// <param name="Fault">Why.</param>
    public sealed record Refused(AccountFault Fault) : AccountResult;
}
