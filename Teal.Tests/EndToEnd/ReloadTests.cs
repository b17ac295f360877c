using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Teal.Accounts.Directory;
using Teal.Core.Configuration;
using Teal.Host.Configuration;
using Teal.Tests.Support;

namespace Teal.Tests.EndToEnd;

/// <summary>Settings that are changed while a process runs, and read again on SIGHUP (specification 5).</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class ReloadTests
{
    private const string First = "the first password", Second = "the second password";

    private TemporaryFolder _folder = null!;
    private TealProcess _process = null!;

    [SetUp]
    public async Task Start()
    {
        _folder = new TemporaryFolder();
        Write(Dispatcher(("Password", First)));
        _process = TealProcess.Run(
            _folder.Path, ["serve", "--Listener:Url", "http://127.0.0.1:0", "--Dispatcher:Url", "http://127.0.0.1:0"]);
        await Eventually.HoldsAsync(() => _process.Output.Contains("  Store", StringComparison.Ordinal), "a running server");
    }

    [TearDown]
    public async Task Stop()
    {
        // Without services it was never started.
        if (_process is not null) await _process.DisposeAsync();
        _folder.Dispose();
    }

    [Test]
    public async Task Password_ThatIsReplaced_CountsForWhoeverComesAndEndsNoConnection()
    {
        await using var before = await TestClient.ConnectAsync(_process.Dispatcher, password: First);
        await before.BindAsync("s");
        Write(Dispatcher(("Password", Second)));
        (await StatusOfAsync(First)).Should().Be(101, "nobody said that it is to be read again");

        await ReloadAsync("5014");

        (await StatusOfAsync(First)).Should().Be(401);
        (await StatusOfAsync(Second)).Should().Be(101);
        (await RawHttp.SendAsync(_process.Listener, "GET", "/callback?state=s&n=1", [])).Status.Should().Be(204);
        (await before.ReceiveAsync()).Should().Contain("n=1");
        _process.Errors.Should().Contain("Changed: Teal:Dispatcher:Password").And.NotContain(First).And.NotContain(Second);
    }

    [Test]
    public async Task File_ThatIsNoJson_ChangesNothingAndIsSaid()
    {
        File.WriteAllText(Path.Combine(_folder.Path, "appsettings.json"), "{ \"Teal\": { \"Dispatcher\": { \"Password\": \"" + Second);

        await ReloadAsync("5018");

        _process.Errors.Should().Contain("appsettings.json").And.NotContain(Second).And.NotContain("   at ");
        (await StatusOfAsync(First)).Should().Be(101);
        (await StatusOfAsync(Second)).Should().Be(401);
    }

    [Test]
    public async Task File_ThatHasASecretWithoutQuotationMarks_IsRefusedWithoutRepeatingIt()
    {
        File.WriteAllText(Path.Combine(_folder.Path, "appsettings.json"), """{"Teal":{"Dispatcher":{"Password": tops3cret}}}""");

        await ReloadAsync("5018");

        _process.Errors.Should().ContainAll("appsettings.json", "see line 1, byte 37").And.NotContain("tops3cret");
    }

    [Test]
    public async Task File_ThatIsGone_ChangesNothingAndIsSaid()
    {
        var secrets = new Dictionary<string, string> { ["budgea"] = "a secret" };
        Write(new { Teal = new { Dispatcher = new { Password = First }, Listener = new { PowensSecrets = secrets } } });
        await ReloadAsync("5014");
        File.Delete(Path.Combine(_folder.Path, "appsettings.json"));

        await ReloadAsync("5018");

        _process.Errors.Should().Contain("appsettings.json").And.NotContain("   at ");
        (await SendWebhookAsync("x")).Should().Be(401, "a file that is being replaced takes no secret away");
        Write(new { });
        await ReloadAsync("5014");
        (await SendWebhookAsync("x")).Should().Be(204, "a file that has none does");
    }

    [Test]
    public async Task File_ThatCannotBeRead_ChangesNothingAndIsSaid()
    {
        var file = Path.Combine(_folder.Path, "appsettings.json");
        File.Delete(file);
        File.CreateSymbolicLink(file, "appsettings.json");

        await ReloadAsync("5018");

        _process.Errors.Should().Contain(file).And.NotContain("   at ");
        (await StatusOfAsync(First)).Should().Be(101);
    }

    [TestCase("AllowQueryCredentials", "perhaps")]
    [TestCase("AllowedOrigins", "example.org")]
    public async Task Setting_ThatIsWrong_ChangesNothingOfTheOthersAndIsSaid(string key, string value)
    {
        Write(Dispatcher(("Password", Second), (key, value)));

        await ReloadAsync("5018");

        _process.Errors.Should().Contain($"Teal:Dispatcher:{key} must");
        (await StatusOfAsync(First)).Should().Be(101);
        Write(Dispatcher(("Password", Second)));
        await ReloadAsync("5014");
        (await StatusOfAsync(Second)).Should().Be(101, "the next one is read as if nothing had been");
    }

    [Test]
    public async Task Password_ThatIsTakenAway_Stays()
    {
        Write(Dispatcher());

        await ReloadAsync("5014");

        await Eventually.HoldsAsync(() => Count("5019") > 1, "a word on what stays");
        _process.Errors.Should().Contain("after a restart only: Teal:Dispatcher:Password").And.NotContain("Changed: Teal");
        (await StatusOfAsync(First)).Should().Be(101);
        (await StatusOfAsync("")).Should().Be(401);
    }

    [Test]
    public async Task Setting_ThatIsNotLive_IsNamedAndTheOthersCount()
    {
        Write(Dispatcher(("Password", Second), ("MaximumMessageSize", "1 KiB")));

        await ReloadAsync("5019");

        _process.Errors.Should().Contain("after a restart only: Teal:Dispatcher:MaximumMessageSize");
        await using var client = await TestClient.ConnectAsync(_process.Dispatcher, password: Second);
        await client.SendAsync(new string(' ', 2000) + """{"register_to":{"type":"callback","state":"s"}}""");
        await client.BindAsync("t");
        client.Socket.State.Should().Be(WebSocketState.Open, "2000 bytes are still no more than it may send");
    }

    [Test]
    public async Task Origin_ThatIsAllowed_MayConnectFromThenOn()
    {
        (await StatusOfAsync(First, "Origin: https://app.example.org")).Should().Be(403);
        Write(Dispatcher(("Password", First), ("AllowedOrigins", "https://app.example.org")));

        await ReloadAsync("5014");

        (await StatusOfAsync(First, "Origin: https://app.example.org")).Should().Be(101);
    }

    [Test]
    public async Task Secret_OfAPowensDomain_CountsForTheNextWebhook()
    {
        (await SendWebhookAsync("x")).Should().Be(204, "no signature is asked for");
        var secrets = new Dictionary<string, string> { ["budgea"] = "a secret" };
        Write(new { Teal = new { Dispatcher = new { Password = First }, Listener = new { PowensSecrets = secrets } } });

        await ReloadAsync("5014");

        (await SendWebhookAsync("x")).Should().Be(401);
        (await SendWebhookAsync("a secret")).Should().Be(204);
        _process.Errors.Should().NotContain("a secret");
    }

    [Test]
    public async Task Reload_AskedForDuringTheStart_IsMadeUpFor()
    {
        var nothing = new ConfigurationBuilder().Build();
        var changed = new ConfigurationBuilder().AddInMemoryCollection([new("Teal:Dispatcher:Password", Second)]).Build();
        var source = new SettingSource(nothing, _ => changed) { IsDue = true };

        await using var server = await TestServer.StartAsync(configure: services => services.AddSingleton(source));

        server.Services.GetRequiredService<Live<AccountOptions>>().Now.Password.Should().Be(Second);
    }

    private async Task<int> SendWebhookAsync(string secret)
    {
        const string Path = "/powens-webhook/budgea.biapi.pro/USER_CREATED";
        var date = RealClock.Now.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", System.Globalization.CultureInfo.InvariantCulture);
        var signed = Encoding.UTF8.GetBytes($"POST.{Path}.{date}.{{}}");
        var signature = Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), signed));
        string[] headers = [$"BI-Signature: {signature}", $"BI-Signature-Date: {date}", "Content-Type: application/json"];
        return (await RawHttp.SendAsync(_process.Listener, "POST", Path, headers, "{}"u8.ToArray())).Status;
    }

    // 101, or why not.
    private async Task<int> StatusOfAsync(string password, params string[] headers)
    {
        var credential = Convert.ToBase64String(Encoding.UTF8.GetBytes($"anonymous:{password}"));
        string[] lines =
        [
            "GET /websocket HTTP/1.1", $"Host: {_process.Dispatcher.Authority}", $"Authorization: Basic {credential}",
            "Connection: Upgrade",
            "Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", .. headers, "", "",
        ];
        return (await RawHttp.ReadHeadAsync(_process.Dispatcher, Encoding.ASCII.GetBytes(string.Join("\r\n", lines)))).Status;
    }

    private async Task ReloadAsync(string id)
    {
        var lines = Count(id);
        _process.Signal(TealProcess.HangUp);
        await Eventually.HoldsAsync(() => Count(id) > lines, $"a line {id}");
    }

    private int Count(string id) => _process.Errors.Split($"[{id}]").Length;

    private void Write(object settings) =>
        File.WriteAllText(Path.Combine(_folder.Path, "appsettings.json"), JsonSerializer.Serialize(settings));

    private static object Dispatcher(params (string Key, string Value)[] settings) =>
        new { Teal = new { Dispatcher = settings.ToDictionary(static setting => setting.Key, static setting => setting.Value) } };
}
