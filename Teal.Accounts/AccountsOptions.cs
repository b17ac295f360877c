using Teal.Accounts.Directory;
using Teal.Accounts.Hashing;
using Teal.Accounts.Issuers;
using Teal.Accounts.Keys;
using Teal.Accounts.Limits;
using Teal.Accounts.OneTimePasswords;
using Teal.Accounts.Tickets;

namespace Teal.Accounts;

/// <summary>Settings of who is known, and how that is found out.</summary>
public sealed class AccountsOptions
{
    /// <summary>The accounts and roles.</summary>
    public AccountOptions Directory { get; } = new();

    /// <summary>How passwords are hashed.</summary>
    public HashingOptions Hashing { get; } = new();

    /// <summary>How many wrong passwords are taken.</summary>
    public FailureOptions Failures { get; } = new();

    /// <summary>Whose tokens are taken.</summary>
    public IssuersOptions Issuers { get; } = new();

    /// <summary>Bounds of API keys.</summary>
    public KeyOptions Keys { get; } = new();

    /// <summary>Bounds of one-time passwords.</summary>
    public OneTimePasswordOptions OneTimePasswords { get; } = new();

    /// <summary>Bounds of tickets.</summary>
    public TicketOptions Tickets { get; } = new();
}
