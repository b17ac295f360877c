using System.Text.Json;
using Teal.Tests.Support;

namespace Teal.Tests.EndToEnd;

/// <summary><c>teal account</c>, <c>teal key</c> and <c>teal ticket</c>, as an operator types them.</summary>
internal sealed class AccountCommandTests
{
    private TemporaryFolder _folder = null!;
    private TestServer _server = null!;

    [SetUp]
    public async Task SetUp()
    {
        _folder = new TemporaryFolder();
        _server = await TestServer.StartAsync(new Dictionary<string, string> { ["DataDirectory"] = _folder.Path });
    }

    [TearDown]
    public async Task TearDown()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Test]
    public async Task Account_FromItsAdditionToItsRemoval_IsAsItWasSaid()
    {
        (await PipeAsync("a long password", "account add anna --role member --team shop --claim employeeId=baker-001")).Should()
            .Be((0, "The account anna was added.\n", ""));
        (await LogInAsync("anna", "a long password")).Should().Be(200);

        (await RunAsync("account", "set", "anna", "--role", "reader", "--permission", "read callback:*", "--permission", "reveal"))
            .Should().Be((0, "The account anna was changed.\n", ""));
        (await RunAsync("account", "show", "anna")).Output.Should().Be("""
            Name         anna
            Team         shop
            Role         reader
            Permissions  read callback:*
                         reveal
            Redirects    none
            Claims       employeeId=baker-001
            Enabled      yes
            Password     since WHEN
            Kept in      store

            """.ReplaceLineEndings("\n").Replace("WHEN", await PasswordSetAtAsync(), StringComparison.Ordinal));
        (await RunAsync("account", "set", "anna", "--permission", "", "--role", "", "--disable", "--json")).Output.Should()
            .Contain("\"permissions\":[]").And.Contain("\"role\":null").And.Contain("\"enabled\":false").And.Contain("baker-001");
        (await LogInAsync("anna", "a long password")).Should().Be(401);

        (await RunAsync("account", "remove", "anna")).Should().Be((0, "The account anna was removed.\n", ""));
        (await RunAsync("account", "show", "anna")).Should().Be((1, "", "teal: There is no such account.\n"));
    }

    [Test]
    public async Task Accounts_InAList_AreATableOrOneObject()
    {
        await RunAsync("account", "add", "anna", "--no-password");

        (await RunAsync("account", "list")).Output.Should().Be("""
            NAME       TEAM       ROLE  ENABLED  PASSWORD  KEPT IN
            anna       anna             yes      no        store
            anonymous  anonymous        yes      yes       settings

            """.ReplaceLineEndings("\n"));
        JsonDocument.Parse((await RunAsync("account", "list", "--json")).Output).RootElement.GetProperty("accounts").GetArrayLength()
            .Should().Be(2);
    }

    [Test]
    public async Task Password_ThatIsMade_IsOnStandardOutputAlone()
    {
        var (exitCode, output, errors) = await RunAsync("account", "add", "anna", "--generate");

        (exitCode, errors).Should().Be((0, "The account anna was added. Its password is shown this once:\n"));
        output.Should().MatchRegex("^[0-9a-f]{48}\n$");
        (await LogInAsync("anna", output.TrimEnd('\n'))).Should().Be(200);
        var made = (await RunAsync("account", "passwd", "anna", "--generate", "--json")).Output;
        (await LogInAsync("anna", JsonDocument.Parse(made).RootElement.GetProperty("password").GetString()!)).Should().Be(200);
    }

    [Test]
    public async Task Password_ThatIsTyped_IsNotShown()
    {
        await RunAsync("account", "add", "anna", "--no-password");
        const string Script = """
            await() { i=0; until grep -q "$1" typescript 2>/dev/null; do i=$((i+1)); [ $i -lt 300 ] || exit 1; sleep 0.1; done; }
            { await 'New password: '; printf 's3cr3t-typed\r'; await 'again: '; printf 's3cr3t-typed\r'; await 'was set'; } |
              script -qefc '"$TEAL_BINARY" account passwd anna' typescript >/dev/null
            """;
        await using var process = TealProcess.RunShell(_folder.Path, Script, Settings());

        (await process.WaitAsync()).Should().Be(0, process.Errors);

        (await File.ReadAllTextAsync(_folder.Combine("typescript"))).Should().Contain("The password of anna was set.")
            .And.NotContain("s3cr3t");
        (await LogInAsync("anna", "s3cr3t-typed")).Should().Be(200);
    }

    [Test]
    public async Task Key_ThatIsMade_IsOnStandardOutputAloneAndIsRevokedByItsText()
    {
        await RunAsync("account", "add", "anna", "--role", "member", "--no-password");

        var (exitCode, output, errors) = await RunAsync(
            "key", "add", "ci", "--account", "anna", "--permission", "read callback:*", "--expires-in", "90d");
        var key = output.TrimEnd('\n');
        (exitCode, errors).Should().Be((0, $"This is the key {key[5..13]} of anna. It is shown this once:\n"));
        (await LogInAsync("anna", key)).Should().Be(200);
        (await RunAsync("key", "list", "--account", "anna")).Output.Split('\n')[1].Should()
            .StartWith($"{key[5..13]}  ci     read callback:*  2");

        (await RunAsync("key", "revoke", key)).Should().Be((0, $"The key {key[5..13]} was revoked.\n", ""));
        (await LogInAsync("anna", key)).Should().Be(401);
        (await RunAsync("key", "list", "--account", "anna")).Output.Should().Be("ID  LABEL  PERMISSIONS  EXPIRES  LAST USED\n");
    }

    [Test]
    public async Task Ticket_OfAnAccount_IsPrinted()
    {
        (await RunAsync("ticket", "--account", "anonymous")).Output.Should().MatchRegex("^tealticket_[0-9A-Za-z]{43}_[0-9A-Za-z]{6}\n$");
        (await RunAsync("ticket")).Should().Be((65, "", "teal: \"account\" must name one, as whoever comes by the socket is none.\n"));
    }

    [Test]
    public async Task Commands_ThroughADispatcher_DoWhatTheAccountMay()
    {
        await PipeAsync("the password of root", "account add root --role admin");
        var dispatcher = _server.Dispatcher.AbsoluteUri;

        var root = await RunAsync("the password of root", ["account", "list", "--dispatcher", dispatcher, "--user", "root"]);
        root.ExitCode.Should().Be(0, root.Errors);
        root.Output.Should().Contain("root");
        (await RunAsync(TestServer.Password, ["account", "list", "--dispatcher", dispatcher])).Should().Be(
            (77, "", "teal: GET /accounts needs the permission admin.\n"));
        (await RunAsync("wrong", ["account", "list", "--dispatcher", dispatcher, "--user", "root"])).Should().Be(
            (77, "", "teal: User or password are missing or wrong.\n"));

        var key = (await RunAsync(TestServer.Password, ["key", "add", "ci", "--dispatcher", dispatcher])).Output.TrimEnd('\n');
        (await RunAsync(key, ["key", "list", "--dispatcher", dispatcher])).Output.Should().Contain(key[5..13]);
    }

    [TestCase(64, "account")]
    [TestCase(64, "account", "ad", "anna")]
    [TestCase(64, "account", "add")]
    [TestCase(64, "account", "add", "anna", "--roll", "member", "--no-password")]
    [TestCase(64, "account", "add", "anna")]
    [TestCase(64, "account", "add", "anna", "--generate", "--no-password")]
    [TestCase(64, "account", "set", "anna", "--enable", "--disable")]
    [TestCase(64, "account", "set", "anna", "--claim", "x")]
    [TestCase(64, "key", "add", "ci", "--expires-in", "soon")]
    [TestCase(64, "account", "list", "--DataDirectory", ".", "--dispatcher", "http://localhost:1")]
    [TestCase(65, "account", "add", "a b", "--no-password")]
    [TestCase(65, "account", "add", "anna", "--no-password", "--role", "king")]
    [TestCase(1, "account", "add", "anonymous", "--no-password")]
    [TestCase(1, "account", "set", "nobody", "--disable")]
    [TestCase(1, "key", "revoke", "nothing")]
    [TestCase(69, "account", "show", "--DataDirectory", "/nowhere", "anna")]
    public async Task Command_ThatCannotBeDone_EndsWithItsCodeAndOneLine(int expected, params string[] arguments)
    {
        var (exitCode, output, errors) = await RunAsync(arguments);

        (exitCode, output).Should().Be((expected, ""));
        errors.Should().StartWith("teal: ").And.EndWith("\n");
        errors.Count(static character => character == '\n').Should().Be(1);
    }

    private Dictionary<string, string> Settings() => new() { ["Teal__DataDirectory"] = _folder.Path };

    private Task<(int ExitCode, string Output, string Errors)> RunAsync(params string[] arguments) => RunAsync(null, arguments);

    private async Task<(int ExitCode, string Output, string Errors)> RunAsync(string? password, string[] arguments)
    {
        var environment = Settings();
        if (password is not null) environment = new Dictionary<string, string> { ["TEAL_PASSWORD"] = password };
        await using var process = TealProcess.Run(_folder.Path, arguments, environment);
        process.CloseInput();
        return (await process.WaitAsync(), process.Output, process.Errors);
    }

    private async Task<(int ExitCode, string Output, string Errors)> PipeAsync(string line, string arguments)
    {
        await using var process = TealProcess.RunShell(_folder.Path, $"echo '{line}' | \"$TEAL_BINARY\" {arguments}", Settings());
        return (await process.WaitAsync(), process.Output, process.Errors);
    }

    private async Task<int> LogInAsync(string account, string secret)
    {
        using var client = ApiClient.At(_server.Dispatcher, account, secret);
        return (await client.SendAsync("GET", $"/api/v1/accounts/{account}")).Status;
    }

    private async Task<string> PasswordSetAtAsync()
    {
        using var local = ApiClient.AtSocketOf(_folder.Path);
        return (await local.SendAsync("GET", "/api/v1/accounts/anna")).Json.GetProperty("password_set_at").GetString()!;
    }
}
