namespace Teal.Accounts.OneTimePasswords;

/// <summary>Bounds of one-time passwords (specification 8.3).</summary>
public sealed class OneTimePasswordOptions
{
    /// <summary>How long a one-time password can be used. Default 10 minutes.</summary>
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How many an account may have at once; further ones are refused. Default 20.</summary>
    public int MaximumPerAccount { get; set; } = 20;

    /// <summary>How many there may be in all; further ones are refused. Default 10,000.</summary>
    public int Maximum { get; set; } = 10_000;
}
