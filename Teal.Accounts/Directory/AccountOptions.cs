namespace Teal.Accounts.Directory;

/// <summary>The accounts of the settings (specification 8).</summary>
public sealed class AccountOptions
{
    /// <summary>The password of the account <c>anonymous</c>.</summary>
    public string Password { get; set; } = "";
}
