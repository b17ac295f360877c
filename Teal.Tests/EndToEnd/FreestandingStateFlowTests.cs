using Teal.Tests.Support;

namespace Teal.Tests.EndToEnd;

/// <summary>States that say themselves where they lead, at the listener (specification 2.2).</summary>
public sealed class FreestandingStateFlowTests
{
    [Test]
    public async Task Get_AFreestandingStateByDefault_IsUnknown()
    {
        await using var server = await TestServer.StartAsync();

        (await server.GetAsync("/callback?state=B1001www.example.org")).Status.Should().Be(404);
    }

    [TestCase("/callback?state=B1001www.example.org", "https://www.example.org/?auth_type=app")]
    [TestCase(
        "/callback?code=1&state=B1021budgea_abc&code=2&blank&x=a%20b",
        "https://budgea-sandbox.biapi.pro/?code=2&blank=&x=a+b&state=abc&auth_type=app")]
    [TestCase("/errback?state=B1033budgea&error=x&auth_type=forged", "https://budgea.biapi.pro/2.0/webauth/resume?error=x&auth_type=app")]
    [TestCase(
        "/raw-callback?full_url=https%3A%2F%2Fx%2Fcallback%3Fcode%3D1%23state%3DB1401www.example.org%26token%3D2",
        "https://www.example.org/?code=1&auth_type=app")]
    public async Task Get_AFreestandingState_RedirectsWhereItSays(string target, string location)
    {
        await using var server = await StartAsync();

        (await server.GetAsync(target))["Location"].Should().Be(location);
    }

    [Test]
    public async Task Get_WithAReferer_SaysWeb()
    {
        await using var server = await StartAsync();

        (await server.GetAsync("/callback?state=B1001www.example.org", "Referer: https://bank.example/"))["Location"]
            .Should().Be("https://www.example.org/?auth_type=web");
        (await server.GetAsync("/callback?state=B1001www.example.org", "Referer:"))["Location"]
            .Should().Be("https://www.example.org/?auth_type=app");
    }

    [Test]
    public async Task Get_AFreestandingState_RaisesAnEventWithTheWholeState()
    {
        await using var server = await StartAsync();
        await using var client = await TestClient.ConnectAsync(server.Dispatcher);
        await client.RegisterAsync("B1021budgea_abc");

        await server.GetAsync("/callback?state=B1021budgea_abc");

        (await client.ReceiveAsync()).Should().EndWith("\"state\":\"B1021budgea_abc\"}");
    }

    [Test]
    public async Task Get_AStoredStateThatLooksFreestanding_IsTheStoredOne()
    {
        await using var server = await StartAsync();
        await server.BindAsync("B1001www.example.org", "https://stored.example/");

        (await server.GetAsync("/callback?state=B1001www.example.org"))["Location"].Should().Be("https://stored.example/");
    }

    [TestCase("B1401www.example.org")]
    public async Task Get_AStateThatGathersTheFragment_GivesThePage(string state)
    {
        await using var server = await StartAsync();

        (await server.GetAsync($"/callback?state={state}")).Body.Should().Contain("raw-callback");
    }

    [Test]
    public async Task Get_AHostThatIsNotAllowed_IsUnknown()
    {
        await using var server = await StartAsync("*.biapi.pro,localhost");

        (await server.GetAsync("/callback?state=B1021budgea")).Status.Should().Be(302);
        (await server.GetAsync("/callback?state=B1b02localhost")).Status.Should().Be(302);
        (await server.GetAsync("/callback?state=B1001www.example.org")).Status.Should().Be(404);
        (await server.GetAsync("/callback?state=B1001budgea.biapi.pro.example.org")).Status.Should().Be(404);
    }

    private static Task<TestServer> StartAsync(string hosts = "") => TestServer.StartAsync(new Dictionary<string, string>
    {
        ["Listener:PowensRedirectFallback"] = "true",
        ["Listener:PowensRedirectHosts"] = hosts,
    });
}
