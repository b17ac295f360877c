namespace Teal.Accounts.Keys;

/// <summary>Bounds of API keys (specification 8.3).</summary>
public sealed class KeyOptions
{
    /// <summary>How many keys an account may have; further ones are refused. Default 100.</summary>
    public int MaximumPerAccount { get; set; } = 100;

    /// <summary>How many keys there may be in all; further ones are refused. Default 10,000.</summary>
    public int Maximum { get; set; } = 10_000;

    /// <summary>How often a key's last use is written at most. Default 1 minute.</summary>
    public TimeSpan UseInterval { get; set; } = TimeSpan.FromMinutes(1);
}
