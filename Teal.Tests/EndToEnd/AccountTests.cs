using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Teal.Accounts.Hashing;
using Teal.Core.Addresses;
using Teal.Core.Identities;
using Teal.Tests.Support;

namespace Teal.Tests.EndToEnd;

/// <summary>Accounts of the settings at the door (specification 8.1 to 8.3).</summary>
[NonParallelizable]
public sealed class AccountTests
{
    private static readonly string[] Upgrade =
        ["Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version: 13"];

    private TemporaryFolder _folder = null!;

    [SetUp]
    public void CreateFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    [TestCase("anna", "secret", 101)]
    [TestCase("ANNA", "secret", 101)]
    [TestCase("anna", "wrong", 401)]
    [TestCase("bert", "secret", 401, Description = "disabled")]
    [TestCase("cleo", "secret", 401, Description = "without a password")]
    [TestCase("dora", "a hashed one", 101)]
    [TestCase("nobody", "secret", 401)]
    [TestCase("anonymous", TestServer.Password, 401, Description = "off, as there are accounts")]
    public async Task Handshake_WithAnAccount_IsAnsweredWith(string user, string password, int status)
    {
        await using var server = await TestServer.StartAsync(Settings());

        (await ShakeAsync(server.Dispatcher, user, password)).Status.Should().Be(status);
        (await ShakeAsync(server.Dispatcher, user, password, inQuery: true)).Status.Should().Be(status);
    }

    [Test]
    public async Task Handshake_WithCredentialsInTheQueryThatAreNotAllowed_Gets401()
    {
        await using var server = await TestServer.StartAsync(Settings(("Dispatcher:AllowQueryCredentials", "false")));

        (await ShakeAsync(server.Dispatcher, "anna", "secret", inQuery: true)).Status.Should().Be(401);
        (await ShakeAsync(server.Dispatcher, "anna", "secret")).Status.Should().Be(101);
    }

    [Test]
    public async Task Anonymous_BesideAccounts_IsLetInWithItsPassword()
    {
        await using var server = await TestServer.StartAsync(Settings(("Dispatcher:Password", TestServer.Password)));

        (await ShakeAsync(server.Dispatcher, "anonymous", TestServer.Password)).Status.Should().Be(101);
        (await ShakeAsync(server.Dispatcher, "anna", "secret")).Status.Should().Be(101);
    }

    [Test]
    public async Task Refusal_OfWhateverIsWrong_HasTheSameBytes()
    {
        await using var server = await TestServer.StartAsync(Settings());
        (string User, string Password)[] wrong =
            [("anna", "wrong"), ("bert", "secret"), ("cleo", "secret"), ("dora", "wrong"), ("nobody", "secret"), ("no name!", "secret")];

        var answers = new List<string>();
        foreach (var (user, password) in wrong)
        {
            var answer = await SendAsync(server.Dispatcher, user, password);
            answers.Add($"{answer.Status} {answer["WWW-Authenticate"]} {answer["Connection"]} {answer["Content-Length"]} {answer.Body}");
        }

        answers.Distinct().Should().ContainSingle().Which.Should().StartWith("401 Basic realm=\"teal\" close ");
    }

    // Names cannot be found out by the time that a refusal takes: it is that of a hash, and each refusal computes one.
    [Test]
    public async Task Timing_OfUnknownAccounts_IsThatOfWrongPasswords()
    {
        const int Rounds = 1000;
        await using var server = await TestServer.StartAsync(Settings(
            ("Authentication:HashRounds", $"{Rounds}"), ("Accounts:ever:PasswordHash", PasswordHash.Make("x", Rounds).ToString())));
        var authenticator = server.Services.GetRequiredService<IAuthenticator>();
        var threads = server.Services.GetRequiredService<HashThreads>();
        var arrival = new Arrival(ClientNetwork.Of(IPAddress.Parse("198.51.100.1")), false, null);
        foreach (var user in (string[])["anna", "bert", "cleo", "dora", "ever", "nobody", "no name!"])
        {
            var before = threads.Done;

            var result = await authenticator.AuthenticateAsync(new Credential.Password(user, "wrong"), arrival, CancellationToken.None);

            result.Should().Be(AuthenticationResult.NotProven);
            (threads.Done - before).Should().Be(1, user);
        }
    }

    // As after a restart of a proxy. They come from this machine, which stands for many: no bound holds them up.
    [Test]
    public async Task Herd_OfAThousandClientsOfAnAccount_CostsOneHash()
    {
        await using var server = await TestServer.StartAsync(Settings(("Authentication:HashRounds", "20000")));
        using var few = new SemaphoreSlim(100);

        var answers = await Task.WhenAll(Enumerable.Range(0, 1000).Select(async _ =>
        {
            await few.WaitAsync();
            try
            {
                return await ShakeAsync(server.Dispatcher, "dora", "a hashed one");
            }
            finally
            {
                few.Release();
            }
        }));

        answers.Should().OnlyContain(static answer => answer.Status == 101);
        server.Services.GetRequiredService<HashThreads>().Done.Should().Be(1);
    }

    [Test]
    public async Task Reload_OfAccounts_CountsForTheNextLogin()
    {
        Write(new { anna = new { Password = "secret", Role = "member" } });
        await using var process = await TealProcess.ServeAsync(_folder.Path);
        (await ShakeAsync(process.Dispatcher, "anna", "secret")).Status.Should().Be(101);
        (await ShakeAsync(process.Dispatcher, "bert", "other")).Status.Should().Be(401);

        Write(new { anna = new { Password = "secret", Role = "member", Enabled = false }, bert = new { Password = "other" } });
        await ReloadAsync(process, "5014");

        (await ShakeAsync(process.Dispatcher, "anna", "secret")).Status.Should().Be(401);
        (await ShakeAsync(process.Dispatcher, "bert", "other")).Status.Should().Be(101);
        process.Errors.Should().Contain("Changed: Teal:Accounts").And.NotContain("secret").And.NotContain("other");

        Write(new { bert = new { Password = "other", Role = "nothing" } });
        await ReloadAsync(process, "5018");

        process.Errors.Should().Contain("Teal:Accounts:bert:Role must be member, reader, admin or one of Teal:Roles");
        (await ShakeAsync(process.Dispatcher, "bert", "other")).Status.Should().Be(101, "all stay as they were");
    }

    [Test]
    public async Task WrongAccounts_AtStart_EndWith78AndNameEachFault()
    {
        Write(new { anna = new { Password = "s3cr3t\n", Role = "owner" }, bert = new { PasswordHash = "s3cr3t" } });

        await using var process = TealProcess.Run(_folder.Path, ["serve"]);

        (await process.WaitAsync()).Should().Be(78);
        process.Errors.Should().ContainAll(
            "Teal:Accounts:anna:Role", "must be member, reader, admin", "Teal:Accounts:anna:Password", "Teal:Accounts:bert:PasswordHash",
            "appsettings.json", "Example: ").And.NotContain("s3cr3t").And.NotContain("   at ");
    }

    [Test]
    public async Task Accounts_OfTheEnvironmentAndTheCommandLine_AreTheSame()
    {
        var environment = new Dictionary<string, string>
        {
            ["Teal__Accounts__ANNA__Password"] = "secret",
            ["Teal__Accounts__anna__Role"] = "member",
        };
        await using var process = await TealProcess.ServeAsync(_folder.Path, environment, "--Accounts:bert:Password", "other");

        (await ShakeAsync(process.Dispatcher, "anna", "secret")).Status.Should().Be(101);
        (await ShakeAsync(process.Dispatcher, "bert", "other")).Status.Should().Be(101);
    }

    [Test]
    public async Task Banner_WhereThereAreAccounts_ShowsNoPassword()
    {
        Write(new { anna = new { Password = "secret" } });
        await using var process = TealProcess.Run(
            _folder.Path, ["serve", "--Listener:Url", "http://127.0.0.1:0", "--Dispatcher:Url", "http://127.0.0.1:0"]);

        await Eventually.HoldsAsync(() => process.Output.Contains("  Store", StringComparison.Ordinal), "a running server");

        process.Output.Should().NotContain("Password").And.NotContain("Try it");
    }

    [Test]
    public async Task Hash_OfAPassword_IsOneThatLetsIn()
    {
        await using var hash = TealProcess.RunShell(
            _folder.Path, "printf 'p\u00e4ss word\\n' | \"$TEAL_BINARY\" hash --rounds 1000", new Dictionary<string, string>());
        (await hash.WaitAsync()).Should().Be(0);
        await using var server = await TestServer.StartAsync(Settings(("Accounts:ever:PasswordHash", hash.Output.Trim())));

        (await ShakeAsync(server.Dispatcher, "ever", "p\u00e4ss word")).Status.Should().Be(101);
    }

    [TestCase("--rounds must be", "printf 'a\\n' | \"$TEAL_BINARY\" hash --rounds 10")]
    [TestCase("there is no password", "\"$TEAL_BINARY\" hash < /dev/null")]
    public async Task Hash_OfWhatCannotBeHashed_EndsWith64(string complaint, string script)
    {
        await using var hash = TealProcess.RunShell(_folder.Path, script, new Dictionary<string, string>());

        (await hash.WaitAsync()).Should().Be(64);
        hash.Errors.Should().Contain(complaint);
    }

    [TestCase("--user anna")]
    [TestCase("")]
    public async Task Listen_AsAnAccount_IsLetInAndGetsItsEvents(string option)
    {
        await using var server = await TestServer.StartAsync(Settings());
        var environment = new Dictionary<string, string>
        {
            ["TEAL_PASSWORD"] = "secret",
            ["TEAL_USER"] = option.Length > 0 ? "bert" : "anna",
        };
        var options = option.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        await using var listen = TealProcess.Run(
            _folder.Path, ["bind", "--state", "s", "--once", "--dispatcher", $"{server.Dispatcher}", .. options], environment);
        await Eventually.HoldsAsync(() => listen.Output.Contains("hereafter", StringComparison.Ordinal), "a bound state");

        (await server.GetAsync("/callback?state=s&code=c")).Status.Should().Be(204);

        (await listen.WaitAsync()).Should().Be(0);
    }

    [Test]
    public async Task Listen_AsAnAccountThatIsRefused_EndsWith77()
    {
        await using var server = await TestServer.StartAsync(Settings());
        await using var listen = TealProcess.Run(
            _folder.Path, ["listen", "ciba", "r", "--dispatcher", $"{server.Dispatcher}", "--user", "anna", "--password", "wrong"]);

        (await listen.WaitAsync()).Should().Be(77);
        listen.Errors.Should().Contain("--user");
    }

    private static Dictionary<string, string> Settings(params (string Key, string Value)[] settings)
    {
        var all = new Dictionary<string, string>
        {
            ["Dispatcher:Password"] = "",
            ["Authentication:HashRounds"] = "1000",
            ["Accounts:anna:Password"] = "secret",
            ["Accounts:anna:Role"] = "member",
            ["Accounts:bert:Password"] = "secret",
            ["Accounts:bert:Enabled"] = "false",
            ["Accounts:cleo:Role"] = "member",
            ["Accounts:dora:PasswordHash"] = PasswordHash.Make("a hashed one", 1000).ToString(),
        };
        foreach (var (key, value) in settings) all[key] = value;
        return all;
    }

    private static Task<RawResponse> ShakeAsync(Uri dispatcher, string user, string password, bool inQuery = false)
    {
        var credential = Credential(user, password);
        var target = inQuery ? $"/websocket?credentials={Uri.EscapeDataString(credential)}" : "/websocket";
        string[] headers = inQuery ? Upgrade : [.. Upgrade, $"Authorization: Basic {credential}"];
        return RawHttp.ReadHeadAsync(dispatcher, Encoding.ASCII.GetBytes(
            $"GET {target} HTTP/1.1\r\nHost: {dispatcher.Authority}\r\n{string.Join("\r\n", headers)}\r\n\r\n"));
    }

    private static Task<RawResponse> SendAsync(Uri dispatcher, string user, string password) =>
        RawHttp.SendAsync(dispatcher, "GET", "/websocket", [.. Upgrade, $"Authorization: Basic {Credential(user, password)}"]);

    private static string Credential(string user, string password) => Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"));

    private static async Task ReloadAsync(TealProcess process, string id)
    {
        var lines = Count();
        process.Signal(TealProcess.HangUp);
        await Eventually.HoldsAsync(() => Count() > lines, $"a line {id}");

        int Count() => process.Errors.Split($"[{id}]").Length;
    }

    private void Write(object accounts) =>
        File.WriteAllText(_folder.Combine("appsettings.json"), JsonSerializer.Serialize(new { Teal = new { Accounts = accounts } }));
}
