using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.WebUtilities;

namespace Teal.Tests.Support;

/// <summary>
/// A real OpenID provider: oidc-provider in a process of its own, with one client. <c>openid-provider.mjs</c> configures it. The end user
/// <see cref="Denies"/> says no to everything, every other one yes.
/// </summary>
internal sealed partial class OpenIdProvider : IAsyncDisposable
{
    /// <summary>An end user's name.</summary>
    public const string Allows = "allows", Denies = "denies";

    private const string ClientId = "teal", ClientSecret = "secret";

    // It supports Node.js from 22 on. Debian 12 has 18, where it does not start. The browser's library brings a newer one for itself.
    private static readonly string Node = Path.Combine(
        AppContext.BaseDirectory, ".playwright", "node", $"linux-{RuntimeInformation.ProcessArchitecture}".ToLowerInvariant(), "node");

    private static readonly string Package = Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache", "teal-tests", "oidc-provider-9.13.3");

    private static readonly string Script = Path.Combine(
        TealProcess.Metadata("RepositoryRoot"), "Teal.Tests", "Support", "openid-provider.mjs");

    private readonly ServiceProcess _process;
    private readonly HttpClient _http = new();
    private readonly string _redirectUri;

    private OpenIdProvider(ServiceProcess process, string redirectUri)
    {
        (_process, _redirectUri) = (process, redirectUri);
        var credentials = Convert.ToBase64String(Encoding.ASCII.GetBytes($"{ClientId}:{ClientSecret}"));
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", credentials);
    }

    /// <summary>Its name for itself, and where it is.</summary>
    public string Issuer => IssuerLine().Match(_process.Output).Groups["issuer"].Value;

    /// <summary>What it said.</summary>
    public string Output => _process.Output;

    /// <summary>Starts one; where it is not installed the tests are ignored, or fail where the environment demands them.</summary>
    /// <param name="redirectUri">The client's.</param>
    /// <param name="notificationEndpoint">The client's for CIBA, with https.</param>
    /// <param name="authorityFile">The authority that vouches for the notification endpoint.</param>
    public static async Task<OpenIdProvider> StartAsync(string redirectUri, string notificationEndpoint, string authorityFile)
    {
        Services.Need(Directory.Exists(Package), $"oidc-provider is not in {Package}; test.sh installs it there");
        Services.Need(File.Exists(Node), $"{Node} is not there; Microsoft.Playwright brings it");

        var environment = new Dictionary<string, string> { ["NODE_EXTRA_CA_CERTS"] = authorityFile };
        var process = ServiceProcess.Start(Node, [Script, Package, redirectUri, notificationEndpoint], environment);
        var provider = new OpenIdProvider(process, redirectUri);
        try
        {
            await Eventually.HoldsAsync(() => process.HasExited || provider.Issuer.Length > 0, "an OpenID provider");
            provider.Issuer.Should().NotBeEmpty("it starts; it said: {0}", provider.Output);
            return provider;
        }
        catch
        {
            await provider.DisposeAsync();
            throw;
        }
    }

    /// <summary>Where the end user's browser goes for a code.</summary>
    public string AuthorizationUrl(string responseMode, string state, string endUser) =>
        QueryHelpers.AddQueryString($"{Issuer}/auth", new Dictionary<string, string?>
        {
            ["client_id"] = ClientId,
            ["redirect_uri"] = _redirectUri,
            ["response_type"] = "code",
            ["response_mode"] = responseMode,
            ["scope"] = "openid",
            ["state"] = state,
            ["login_hint"] = endUser,
        });

    /// <summary>Has the client exchange the code; the end user to whom the tokens belong.</summary>
    public Task<string> ExchangeCodeAsync(string code) =>
        ExchangeAsync("authorization_code", ("code", code), ("redirect_uri", _redirectUri));

    /// <summary>Has the client ask for an end user's authentication over the back channel (CIBA), and returns the request's id.</summary>
    public async Task<string> AuthenticateAsync(string endUser, string notificationToken)
    {
        var answer = await PostAsync(
            "/backchannel", ("scope", "openid"), ("login_hint", endUser), ("client_notification_token", notificationToken));
        return answer.GetProperty("auth_req_id").GetString()!;
    }

    /// <summary>Has the end user answer at the authentication device, and returns when the client has taken the provider's ping.</summary>
    public async Task FinishAsync(string requestId)
    {
        using var answer = await _http.PostAsync($"{Issuer}/finish/{requestId}", null).WithinLimit();
        answer.StatusCode.Should().Be(HttpStatusCode.NoContent, "the provider, which said {0}, is content with the ping's answer", Output);
    }

    /// <summary>Has the client fetch what the ping told it of; the end user to whom the tokens belong.</summary>
    public Task<string> ExchangeRequestIdAsync(string requestId) =>
        ExchangeAsync("urn:openid:params:grant-type:ciba", ("auth_req_id", requestId));

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _process.DisposeAsync();
    }

    private async Task<string> ExchangeAsync(string grantType, params (string Name, string Value)[] parameters)
    {
        var answer = await PostAsync("/token", [("grant_type", grantType), .. parameters]);
        return Jwt.PayloadOf(answer.GetProperty("id_token").GetString()!).GetProperty("sub").GetString()!;
    }

    private async Task<JsonElement> PostAsync(string path, params (string Name, string Value)[] parameters)
    {
        using var form = new FormUrlEncodedContent(parameters.Select(static pair => KeyValuePair.Create(pair.Name, pair.Value)));
        using var answer = await _http.PostAsync(Issuer + path, form).WithinLimit();
        answer.StatusCode.Should().Be(HttpStatusCode.OK, "the provider says {0}", await answer.Content.ReadAsStringAsync());
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    [GeneratedRegex("^issuer: (?<issuer>.+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex IssuerLine();
}
