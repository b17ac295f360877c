using Microsoft.Extensions.Logging;
using Teal.Core.Configuration;

namespace Teal.Accounts.Issuers;

/// <summary>The issuers of the settings. Those that a reload leaves keep their keys.</summary>
internal sealed class IssuerBook(
    KeyDiscovery discovery, Live<IssuersOptions> live, TimeProvider clock, ILogger<IssuerKeys> logger)
{
    private readonly Lock _lock = new();
    private volatile Edition _edition = new(new IssuersOptions(), new Dictionary<string, OutsideIssuer>());

    /// <summary>The one whose tokens say that; null: there is none.</summary>
    public OutsideIssuer? Find(string issuer) => Now().Issuers.GetValueOrDefault(issuer);

    private Edition Now()
    {
        var edition = _edition;
        if (edition.Options == live.Now) return edition;

        lock (_lock)
        {
            edition = _edition;
            var options = live.Now;
            if (edition.Options == options) return edition;

            var issuers = options.Issuers.ToDictionary(static issuer => issuer.Issuer, issuer => new OutsideIssuer(
                issuer, edition.Issuers.GetValueOrDefault(issuer.Issuer)?.Keys ?? new IssuerKeys(issuer, discovery, live, clock, logger)));
            return _edition = new Edition(options, issuers);
        }
    }

    /// <summary>The issuers that options have, by what tokens say.</summary>
    private sealed record Edition(IssuersOptions Options, IReadOnlyDictionary<string, OutsideIssuer> Issuers);
}
