using Teal.Accounts;
using Teal.Accounts.Directory;
using Teal.Core.Addresses;
using Teal.Tests.Support;

namespace Teal.Tests.EndToEnd;

/// <summary>Allow-lists of redirects, when states are made and when browsers come (specification 8.6).</summary>
public sealed class RedirectTests
{
    private const string App = "https://app.example.org/cb", Evil = "https://app.example.org@evil.example/";

    private TestServer _server = null!;

    [SetUp]
    public async Task StartAsync() => _server = await TestServer.StartAsync(new Dictionary<string, string>
    {
        ["Accounts:anna:Password"] = "secret of anna",
        ["Accounts:anna:Team"] = "shop",
        ["Accounts:anna:Role"] = "member",
        ["Accounts:anna:Redirects"] = "https://app.example.org/*",
    });

    [TearDown]
    public ValueTask StopAsync() => _server.DisposeAsync();

    [Test]
    public async Task Create_AStateThatMayNotLeadThere_FailsInTheClassicProtocol()
    {
        await using var anna = await ConnectAsync();

        await anna.SendAsync(new { create = Creation("s", Evil), register_to = new { type = "callback", state = "s" } });

        (await anna.ReceiveAsync()).Should()
            .StartWith("""{"type":"callback_creation_failure","state":"s","detail":"final_redirect_url """);
        (await _server.GetAsync("/callback?state=s")).Status.Should().Be(404);
    }

    [Test]
    public async Task Create_AStateThatMayNotLeadThere_IsAnErrorInTealV2()
    {
        await using var anna = await ConnectAsync("teal.v2");

        await anna.SendAsync(new { id = 1, create = Creation("s", Evil) });
        (await anna.ReceiveAsync()).Should()
            .StartWith("""{"type":"error","id":1,"code":"redirect_not_allowed","detail":"final_redirect_url """).And.NotContain("evil");

        await anna.SendAsync(new { id = 2, create = Creation("s", App) });
        (await anna.ReceiveAsync()).Should().Be("""{"type":"ack","id":2}""");
        (await _server.GetAsync("/callback?state=s"))["Location"].Should().Be(App);
    }

    [Test]
    public async Task Callback_WhoseMakersListChanged_RaisesItsEventAndEndsAtTheClosingPage()
    {
        await using var anna = await ConnectAsync();
        await anna.BindAsync("s", App);

        ChangeList("https://shop.example.org/*");
        var answer = await _server.GetAsync("/callback?state=s&code=1", "Accept: text/html");

        (answer.Status, answer["Location"]).Should().Be((200, null));
        answer.Body.Should().Contain("window");
        (await anna.ReceiveAsync()).Should().Contain("code=1");
        (await _server.GetAsync("/callback?state=s&code=2")).Status.Should().Be(204);
        _server.Log.Lines.Should().ContainSingle(line => line.Id.Id == 2004).Which.Text.Should()
            .Contain("team shop").And.NotContain("app.example");

        ChangeList("https://app.example.org/*");
        (await _server.GetAsync("/callback?state=s&code=3"))["Location"].Should().Be(App);
    }

    [Test]
    public async Task Callback_OfAForm_IsHeldBackAsWell()
    {
        await using var anna = await ConnectAsync();
        await anna.BindAsync("s", App);
        ChangeList("https://shop.example.org/*");

        var answer = await RawHttp.SendAsync(
            _server.Listener, "POST", "/callback?state=s", ["Content-Type: application/x-www-form-urlencoded"], "code=1"u8.ToArray());

        (answer.Status, answer["Location"]).Should().Be((204, null));
    }

    [Test]
    public async Task Callback_OfAnonymous_FollowsItsOwnList()
    {
        await _server.BindAsync("s", App);
        (await _server.GetAsync("/callback?state=s"))["Location"].Should().Be(App);

        var options = Options("https://app.example.org/*");
        options.Directory.AnonymousRedirects = ListOf("https://shop.example.org/*");
        _server.Services.ReloadTealAccounts(options);

        (await _server.GetAsync("/callback?state=s")).Status.Should().Be(204);
    }

    private static object Creation(string state, string url) =>
        new { type = "callback", state, final_redirect_url = url, expires_at = RealClock.InAnHour.ToString("s") };

    private static RedirectList ListOf(params string[] texts) =>
        RedirectList.TryParse(texts, out var list, out var fault) ? list : throw new FormatException(fault);

    private static AccountsOptions Options(string redirects)
    {
        var options = new AccountsOptions();
        options.Directory.Password = TestServer.Password;
        options.Directory.Accounts = new Dictionary<string, Account>
        {
            ["anna"] = new() { Name = "anna", Origin = AccountOrigin.Settings, Team = "shop", Role = "member", Redirects = [redirects] },
        };
        return options;
    }

    private void ChangeList(string redirects) => _server.Services.ReloadTealAccounts(Options(redirects));

    private Task<TestClient> ConnectAsync(string? subprotocol = null) =>
        TestClient.ConnectAsync(_server.Dispatcher, "secret of anna", subprotocol, user: "anna");
}
