using System.Net;
using Microsoft.IdentityModel.Protocols;

namespace Teal.Accounts.Issuers;

/// <summary>Fetches an issuer's metadata and keys, bounded, and from nowhere that the issuer may not name.</summary>
internal sealed class IssuerDocuments(HttpClient http, IssuerOptions issuer, long maximumSize) : IDocumentRetriever
{
    /// <summary>The last document that was fetched; null: none was.</summary>
    public string? Last { get; private set; }

    /// <inheritdoc/>
    /// <exception cref="DiscoveryException">The document could not be fetched.</exception>
    public async Task<string> GetDocumentAsync(string address, CancellationToken cancel)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var url) || !IsSafe(url))
            throw new DiscoveryException("it names an address that is not https");

        try
        {
            using var answer = await http.GetAsync(url, HttpCompletionOption.ResponseHeadersRead, cancel);
            if (answer.StatusCode != HttpStatusCode.OK)
            {
                throw new DiscoveryException($"it answers with the status {(int)answer.StatusCode}")
                {
                    IsMissing = answer.StatusCode == HttpStatusCode.NotFound,
                };
            }

            await answer.Content.LoadIntoBufferAsync(maximumSize, cancel);
            return Last = await answer.Content.ReadAsStringAsync(cancel);
        }
        catch (HttpRequestException exception)
        {
            throw new DiscoveryException(
                exception.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded
                    ? $"it answers with more than {maximumSize} bytes" : $"it cannot be reached ({exception.HttpRequestError})");
        }
    }

    // An issuer elsewhere must not have Teal ask programs of this machine, where whoever can call them is trusted.
    private bool IsSafe(Uri url) =>
        url.Scheme == "https" ? issuer.IsLocal || !url.IsLoopback : url.Scheme == "http" && issuer.IsLocal && url.IsLoopback;
}
