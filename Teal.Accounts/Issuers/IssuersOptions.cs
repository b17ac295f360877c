namespace Teal.Accounts.Issuers;

/// <summary>Settings of outside issuers, under <c>Authentication</c> (specification 8.8).</summary>
public sealed class IssuersOptions
{
    /// <summary>How many issuers there may be, each of which has keys in memory.</summary>
    public const int MaximumIssuers = 100;

    /// <summary>The issuers. Default none: no token of anybody else is taken.</summary>
    public IReadOnlyList<IssuerOptions> Issuers { get; set; } = [];

    /// <summary>How long a token may be, in characters. Default 16 KiB.</summary>
    public int MaximumTokenSize { get; set; } = 16 * 1024;

    /// <summary>How long an issuer's keys count until it is asked again. Default 1 hour. While it is away, the last ones count.</summary>
    public TimeSpan KeyLifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>
    /// How long an issuer is not asked again after it was asked, also where a token has a key that is not known. Default 30 seconds.
    /// </summary>
    public TimeSpan KeyInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long an issuer may take for its metadata and its keys together. Default 10 seconds.</summary>
    public TimeSpan DiscoveryTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How large an issuer's metadata may be, and its keys, in bytes. Default 256 KiB.</summary>
    public long MaximumDiscoverySize { get; set; } = 256 * 1024;

    /// <summary>How many keys of an issuer are taken; one with more has none. Default 100.</summary>
    public int MaximumKeys { get; set; } = 100;

    /// <summary>
    /// How many good tokens are remembered, so that a client that comes back costs no signature; about 1 KiB each. Default 10,000. Then the
    /// oldest are forgotten.
    /// </summary>
    public int MaximumRememberedTokens { get; set; } = 10_000;
}
