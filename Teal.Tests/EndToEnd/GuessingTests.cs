using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Teal.Accounts.Hashing;
using Teal.Core.Hosting;
using Teal.Tests.Support;

namespace Teal.Tests.EndToEnd;

/// <summary>Passwords cannot be guessed at speed, and who does not guess notices nothing of those who do (specification 8.3).</summary>
public sealed class GuessingTests
{
    private const string Guesser = "192.0.2.1", Other = "192.0.2.2";

    private readonly ManualTimeProvider _clock = new();
    private TestServer _server = null!;

    [SetUp]
    public async Task Start() => _server = await StartAsync();

    [TearDown]
    public async Task Stop() => await _server.DisposeAsync();

    [Test]
    public async Task WrongPasswords_FromOneAddress_Are401AndThen429UntilTheyAreOver()
    {
        for (var i = 0; i < 10; i++)
        {
            var refused = await ShakeAsync(Guesser, $"wrong{i}");
            (refused.Status, refused["WWW-Authenticate"], refused["Connection"]).Should().Be((401, "Basic realm=\"teal\"", "close"));
        }

        var answer = await ShakeAsync(Guesser, "wrong");
        (answer.Status, answer["Connection"]).Should().Be((429, "close"));
        var wait = int.Parse(answer["Retry-After"]!);
        wait.Should().BeInRange(14 * 60, 17 * 60);
        (await ShakeAsync(Guesser, TestServer.Password)).Status.Should().Be(429);
        _clock.Advance(TimeSpan.FromSeconds(wait));
        (await ShakeAsync(Guesser, TestServer.Password)).Status.Should().Be(101);
    }

    [Test]
    public async Task WrongPasswords_ManyAtOnce_AreLookedAtTenTimes()
    {
        var guesses = Enumerable.Range(0, 50).Select(i => ShakeAsync(Guesser, $"wrong{i}")).ToArray();

        var answers = await Task.WhenAll(guesses).WithinLimit();

        answers.Select(static answer => answer.Status).Should().OnlyContain(static status => status == 401 || status == 429);
        answers.Count(static answer => answer.Status == 401).Should().BeInRange(1, 10);
        answers.Should().OnlyContain(static answer => answer.Status != 429 || int.Parse(answer["Retry-After"]!) > 0);
    }

    [Test]
    public async Task FailuresFlood_FromASlash64_IsOneAddressAndLocksOutNobodyElse()
    {
        for (var i = 0; i < 30; i++)
            (await ShakeAsync($"2001:db8::{i:x}", "wrong", user: $"name{i}")).Status.Should().Be(401);

        for (var i = 0; i < 10; i++)
            (await ShakeAsync($"2001:db8::ffff:{i:x}", TestServer.Password, user: $"other{i}")).Status.Should().Be(429);
        (await ShakeAsync("2001:db8:0:1::1", TestServer.Password)).Status.Should().Be(101);
        (await ShakeAsync(Other, TestServer.Password)).Status.Should().Be(101);
    }

    [Test]
    public async Task RightPassword_WhileOthersGuess_IsLetInAtOnce()
    {
        await using var live = await ConnectAsync(Guesser);
        for (var i = 0; i < 3; i++) _ = ShakeAsync(Guesser, $"wrong{i}");
        await Eventually.HoldsAsync(() => _server.Log.Lines.Any(static line => line.Id == 8023), "a refusal");

        await using var other = await ConnectAsync(Other);
        await using var same = await ConnectAsync(Guesser);
        await live.RegisterAsync("s");
    }

    [Test]
    public async Task LiveConnection_FromAnAddressThatGuesses_GoesOn()
    {
        await using var live = await ConnectAsync(Guesser);
        for (var i = 0; i < 11; i++) await ShakeAsync(Guesser, $"wrong{i}");

        await live.RegisterAsync("s");
    }

    [Test]
    public async Task NoPassword_HoweverOften_IsRefusedAtOnce()
    {
        for (var i = 0; i < 20; i++) (await ShakeAsync(Guesser, null).WithinLimit()).Status.Should().Be(401);
    }

    [TestCase("192.0.2.1", "192.0.2.2", false)]
    [TestCase("2001:db8::1", "2001:db8::2", true)]
    [TestCase("2001:db8::1", "2001:db8:0:1::1", false)]
    [TestCase("spoofed, 192.0.2.1", "192.0.2.9, 192.0.2.1", true)]
    [TestCase("192.0.2.1, 127.0.0.1", "192.0.2.1", true)]
    public async Task WrongPassword_BehindATrustedProxy_CountsForTheClientThatItNames(string first, string second, bool isSame)
    {
        for (var i = 0; i < 10; i++) await ShakeAsync(first, $"wrong{i}");

        (await ShakeAsync(second, "wrong")).Status.Should().Be(isSame ? 429 : 401);
    }

    [Test]
    public async Task WrongPassword_WithAnotherAddressFromWhoIsNotTrusted_CountsForItsOwn()
    {
        await using var server = await TestServer.StartAsync(Settings(), clock: _clock);
        for (var i = 0; i < 10; i++) await ShakeAsync($"192.0.2.{i}", $"wrong{i}", server);

        (await ShakeAsync(Other, "wrong", server)).Status.Should().Be(429);
    }

    [Test]
    public async Task RightPassword_ThroughAProxyThatIsNotTrusted_IsLetInWhileOthersGuessThere()
    {
        await using var server = await TestServer.StartAsync(Settings(), clock: _clock);
        var guesses = Enumerable.Range(0, 50).Select(i => ShakeAsync(Guesser, $"wrong{i}", server)).ToArray();
        await Eventually.HoldsAsync(() => guesses.Any(static guess => guess.IsCompleted), "a refusal");

        (await ShakeAsync(Other, TestServer.Password, server).WithinLimit()).Status.Should().Be(101);
    }

    [Test]
    public async Task WrongPasswords_InTheLog_AreALineForEachAddressAndItsSum()
    {
        for (var i = 0; i < 20; i++) await ShakeAsync(Guesser, null);
        await ShakeAsync(Other, "s3cr3t-guess");
        Refusals().Should().HaveCount(2)
            .And.Contain(static line => line.Text.Contains(Guesser)).And.Contain(static line => line.Text.Contains(Other));

        _clock.Advance(RepeatedMessage.Interval);
        Refusals().Should().HaveCount(3);
        Refusals()[2].Text.Should().ContainAll(Guesser, "19 times more in the last 60 s");
        Refusals().Should().AllSatisfy(static line => line.Text.Should().NotContain("s3cr3t"));
    }

    [Test]
    public async Task Stop_WhilePasswordsWaitToBeHashed_DoesNotWaitForThem()
    {
        await using var server = await TestServer.StartAsync(
            new Dictionary<string, string> { ["Authentication:HashThreads"] = "1", ["Authentication:HashRounds"] = "1000000" });
        var guesses = Enumerable.Range(0, 20).Select(i => ShakeAsync(Guesser, $"wrong{i}", server)).ToArray();
        var hashes = server.Services.GetRequiredService<HashThreads>();
        await Eventually.HoldsAsync(() => hashes.Waiting > 10, "passwords that wait");

        await server.StopAsync().WithinLimit();

        hashes.Done.Should().BeLessThan(10);
        (await Task.WhenAll(guesses.Select(StatusAsync)).WithinLimit()).Should().Contain(503).And.BeSubsetOf([503, 429, null]);

        // Null: the server had not read it yet, and closed its connection.
        static async Task<int?> StatusAsync(Task<RawResponse> guess)
        {
            try
            {
                return (await guess).Status;
            }
            catch (Exception exception) when (exception is InvalidDataException or IOException or SocketException)
            {
                return null;
            }
        }
    }

    [Test]
    public async Task Websockets_OverAnAddressesShare_LeaveTheOthersTheirs()
    {
        await using var server = await StartAsync(("Dispatcher:MaximumConnectionsPerAddress", "1"));
        await using var first = await ConnectAsync(Guesser, server);

        var refused = await ShakeAsync(Guesser, TestServer.Password, server);
        refused.Status.Should().Be(503);
        refused["Retry-After"].Should().NotBeNull();
        await using var other = await ConnectAsync(Other, server);

        await first.DisposeAsync();
        await Eventually.HoldsAsync(async () => (await ShakeAsync(Guesser, TestServer.Password, server)).Status == 101, "a free place");
    }

    private Task<TestServer> StartAsync(params (string Key, string Value)[] settings) =>
        TestServer.StartAsync(Settings([.. settings, ("TrustedProxies", "127.0.0.1")]), _clock);

    private static Dictionary<string, string> Settings(params (string Key, string Value)[] settings) =>
        new(settings.Select(static setting => KeyValuePair.Create(setting.Key, setting.Value))) { ["Authentication:HashRounds"] = "1000" };

    private LogRecorder.LogLine[] Refusals() =>
        [.. _server.Log.Lines.Where(
            static line => line.Level == LogLevel.Information && line.Text.Contains("without a valid credential"))];

    private Task<TestClient> ConnectAsync(string address, TestServer? server = null) =>
        TestClient.ConnectAsync((server ?? _server).Dispatcher, configure: options => options.SetRequestHeader("X-Forwarded-For", address));

    private Task<RawResponse> ShakeAsync(string address, string? password, TestServer? server = null, string user = "anonymous")
    {
        var dispatcher = (server ?? _server).Dispatcher;
        var authorization = password is null ? ""
            : $"Authorization: Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"))}\r\n";
        return RawHttp.ReadHeadAsync(dispatcher, Encoding.ASCII.GetBytes(
            $"GET /websocket HTTP/1.1\r\nHost: {dispatcher.Authority}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            + $"Sec-WebSocket-Version: 13\r\nX-Forwarded-For: {address}\r\n{authorization}\r\n"));
    }
}
