using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using NUnit.Framework.Interfaces;
using Teal.Tests.Support;

namespace Teal.Tests.EndToEnd;

/// <summary>The listener as a client's redirect URI and notification endpoint at a real OpenID provider (specification 2.1, 2.3).</summary>
[Category("Browser")]
[FixtureLifeCycle(LifeCycle.SingleInstance)]
[NonParallelizable]
internal sealed class OpenIdProviderTests
{
    private TestServer _server = null!;
    private TestCertificates _certificates = null!;
    private TlsProxy _proxy = null!;
    private OpenIdProvider _provider = null!;
    private Browser _browser = null!;

    private string RedirectUri => $"{_server.Listener}callback";

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _server = await TestServer.StartAsync();
        _certificates = TestCertificates.ForLoopback();
        _proxy = TlsProxy.Start(_server.Listener.Port, _certificates);
        var notificationEndpoint = $"https://127.0.0.1:{_proxy.Port}/openid-ciba-callback";
        _provider = await OpenIdProvider.StartAsync(RedirectUri, notificationEndpoint, _certificates.AuthorityFile);
        _browser = await Browser.StartAsync();
    }

    [TearDown]
    public void ShowWhatTheProviderSaid() => TestContext.Out.WriteLine(_provider.Output);

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        // The last ones are null where they could not be started.
        if (_browser is not null) await _browser.DisposeAsync();
        if (_provider is not null) await _provider.DisposeAsync();
        await _proxy.DisposeAsync();
        _certificates.Dispose();
        await _server.DisposeAsync();
    }

    [Test]
    public async Task CodeFlow_AllowedOrDenied_RaisesOneEventAndEndsAtTheFinalUrl(
        [Values("query", "fragment", "form_post", "query.jwt", "fragment.jwt", "form_post.jwt")] string responseMode,
        [Values(OpenIdProvider.Allows, OpenIdProvider.Denies)] string endUser)
    {
        await using var destination = await LoopbackServer.StartAsync();
        await using var client = await TestClient.ConnectAsync(_server.Dispatcher);
        var state = $"{responseMode} {endUser} +/=&%\"<";
        await client.BindAsync(state, destination.Origin + "/end?b=2");

        await using var tab = await _browser.OpenAsync();
        await tab.GoAsync(_provider.AuthorizationUrl(responseMode, state, endUser));
        await tab.ArriveAsync(destination.Origin + "/end?b=2");

        destination.Targets.Should().Equal("/end?b=2");
        var parameters = ParametersOf(await ReceiveUrlAsync(client, state), responseMode);
        parameters.Should().Contain("state", state).And.Contain("iss", _provider.Issuer);
        if (endUser == OpenIdProvider.Denies)
        {
            parameters.Should().Contain("error", "access_denied").And.NotContainKey("code");
            return;
        }

        parameters.Should().NotContainKey("error");
        (await _provider.ExchangeCodeAsync(parameters["code"])).Should().Be(endUser);
    }

    [Test]
    public async Task CibaPing_OverTls_RaisesOneEvent()
    {
        await using var client = await TestClient.ConnectAsync(_server.Dispatcher);
        var requestId = await _provider.AuthenticateAsync(OpenIdProvider.Allows, "AbC-._~+/=");
        await client.SendAsync(new { register_to = new { type = "openid_ciba_callback", request_id = requestId } });
        await client.SettleAsync();

        await _provider.FinishAsync(requestId);

        (await client.ReceiveAsync()).Should().StartWith("{\"type\":\"openid_ciba_callback\",")
            .And.EndWith($",\"request_id\":\"{requestId}\",\"access_token\":\"AbC-._~+/=\",\"push_token\":null,\"push_error\":null}}");
        await client.ReceivesNothingAsync();
        (await _provider.ExchangeRequestIdAsync(requestId)).Should().Be(OpenIdProvider.Allows);
    }

    private static async Task<string> ReceiveUrlAsync(TestClient client, string state)
    {
        using var message = JsonDocument.Parse((await client.ReceiveAsync())!);
        message.RootElement.GetProperty("type").GetString().Should().Be("callback");
        message.RootElement.GetProperty("state").GetString().Should().Be(state);
        await client.ReceivesNothingAsync();
        return message.RootElement.GetProperty("url").GetString()!;
    }

    // The mode says where they are, and whether they are in a token.
    private Dictionary<string, string> ParametersOf(string url, string responseMode)
    {
        var start = RedirectUri + (responseMode.StartsWith("fragment", StringComparison.Ordinal) ? '#' : '?');
        url.Should().StartWith(start);
        var parameters = QueryHelpers.ParseQuery(url[start.Length..])
            .ToDictionary(static pair => pair.Key, static pair => pair.Value.Single()!);
        if (!responseMode.EndsWith(".jwt", StringComparison.Ordinal)) return parameters;

        parameters.Keys.Should().Equal("response");
        return Jwt.PayloadOf(parameters["response"]).EnumerateObject()
            .ToDictionary(static member => member.Name, static member => member.Value.ToString());
    }
}
