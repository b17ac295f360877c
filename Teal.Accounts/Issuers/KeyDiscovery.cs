using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Teal.Core.Configuration;

namespace Teal.Accounts.Issuers;

/// <summary>Asks issuers for their keys: OpenID Connect Discovery 1.0, and RFC 8414 for those that know OAuth 2.0 alone.</summary>
internal sealed class KeyDiscovery(Live<IssuersOptions> live, TimeProvider clock) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(10),
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    /// <summary>The keys as the issuer tells them now.</summary>
    /// <exception cref="DiscoveryException">It does not, or not in time.</exception>
    public async Task<KeySet> FetchAsync(IssuerOptions issuer)
    {
        var options = live.Now;
        using var timeout = new CancellationTokenSource(options.DiscoveryTimeout, clock);
        var documents = new IssuerDocuments(_http, issuer, options.MaximumDiscoverySize);
        try
        {
            return await ReadAsync(issuer, documents, options.MaximumKeys, timeout.Token);
        }
        catch (OperationCanceledException)
        {
            throw new DiscoveryException($"it takes longer than {options.DiscoveryTimeout.TotalSeconds} s");
        }
        catch (Exception exception) when (exception is not DiscoveryException)
        {
            throw new DiscoveryException("what it answers cannot be read");
        }
    }

    private static async Task<KeySet> ReadAsync(
        IssuerOptions issuer, IssuerDocuments documents, int maximumKeys, CancellationToken cancellationToken)
    {
        OpenIdConnectConfiguration metadata;
        try
        {
            metadata = await OpenIdConnectConfigurationRetriever.GetAsync(OpenIdAddress(issuer.Issuer), documents, cancellationToken);
        }
        catch (DiscoveryException exception) when (exception.IsMissing && documents.Last is null)
        {
            metadata = await OpenIdConnectConfigurationRetriever.GetAsync(OAuthAddress(issuer.Issuer), documents, cancellationToken);
        }

        // Otherwise whoever has a page on the issuer's host could be the issuer.
        if (metadata.Issuer != issuer.Issuer) throw new DiscoveryException("its metadata names another issuer");
        if (metadata.JsonWebKeySet is not { } set) throw new DiscoveryException("its metadata names no address of keys");
        if (set.Keys.Count > maximumKeys) throw new DiscoveryException($"it has more than {maximumKeys} keys");

        return new KeySet(documents.Last!, [.. set.Keys]);
    }

    private static string OpenIdAddress(string issuer) => $"{issuer.TrimEnd('/')}/.well-known/openid-configuration";

    // RFC 8414 section 3: between host and path.
    private static string OAuthAddress(string issuer)
    {
        var url = new Uri(issuer);
        return $"{url.GetLeftPart(UriPartial.Authority)}/.well-known/oauth-authorization-server{url.AbsolutePath.TrimEnd('/')}";
    }
}
