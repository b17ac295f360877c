using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Teal.Core.Hosting;
using Teal.Tests.Support;
using Teal.Web.Door;

namespace Teal.Tests.EndToEnd;

/// <summary>Passwords cannot be guessed at speed, and who does not guess notices nothing of those who do (specification 7.1).</summary>
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
    public async Task WrongPasswords_FromOneAddress_AreAnsweredLaterAndLater()
    {
        (await ShakeAsync(Guesser, "wrong")).Status.Should().Be(401);
        foreach (var delay in (double[])[0.1, 0.2, 0.4])
        {
            var guess = ShakeAsync(Guesser, "wrong");
            await IsHeldAsync(guess);

            // More than once, as it may be held back a moment before it looks at the clock.
            await Eventually.HoldsAsync(() =>
            {
                _clock.Advance(TimeSpan.FromSeconds(delay));
                return guess.IsCompleted;
            }, "an answer");
            (await guess).Status.Should().Be(401);
        }
    }

    [Test]
    public async Task WrongPasswords_ManyAtOnce_Are429AfterAFew()
    {
        var guesses = Enumerable.Range(0, 50).Select(_ => ShakeAsync(Guesser, "wrong")).ToArray();
        await Eventually.HoldsAsync(() => guesses.Count(static guess => guess.IsCompleted) > 30, "refusals");

        foreach (var guess in guesses.Where(static guess => guess.IsCompletedSuccessfully))
        {
            var answer = await guess;
            answer.Status.Should().BeOneOf(401, 429);
            answer["Connection"].Should().Be("close");
            if (answer.Status == 429) int.Parse(answer["Retry-After"]!).Should().BePositive();
        }

        await Eventually.HoldsAsync(() =>
        {
            _clock.Advance(TimeSpan.FromSeconds(10));
            return Array.TrueForAll(guesses, static guess => guess.IsCompleted);
        }, "all answers");
        var answers = await Task.WhenAll(guesses);
        answers.Count(static answer => answer.Status == 401).Should().BeInRange(5, 15);
    }

    [Test]
    public async Task RightPassword_WhileOthersGuess_IsLetInAtOnce()
    {
        await using var live = await ConnectAsync(Guesser);
        for (var i = 0; i < 3; i++) _ = ShakeAsync(Guesser, "wrong");
        await Eventually.HoldsAsync(() => _server.Log.Lines.Any(static line => line.Id == 8023), "a refusal");

        await using var other = await ConnectAsync(Other);
        await using var same = await ConnectAsync(Guesser);
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
        await ShakeAsync(first, "wrong");

        var guess = ShakeAsync(second, "wrong");

        if (isSame) await IsHeldAsync(guess);
        else (await guess.WithinLimit()).Status.Should().Be(401);
    }

    [Test]
    public async Task WrongPassword_WithAnotherAddressFromWhoIsNotTrusted_CountsForItsOwn()
    {
        await using var server = await TestServer.StartAsync(clock: _clock);
        await ShakeAsync(Guesser, "wrong", server);

        await IsHeldAsync(ShakeAsync(Other, "wrong", server), server);
    }

    [Test]
    public async Task RightPassword_ThroughAProxyThatIsNotTrusted_IsLetInWhileOthersGuessThere()
    {
        await using var server = await TestServer.StartAsync(clock: _clock);
        var guesses = Enumerable.Range(0, 50).Select(_ => ShakeAsync(Guesser, "wrong", server)).ToArray();
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
    public async Task Stop_WhileAnswersAreHeldBack_DoesNotWaitForThem()
    {
        await ShakeAsync(Guesser, "wrong");
        var guess = ShakeAsync(Guesser, "wrong");
        await IsHeldAsync(guess);

        await _server.StopAsync().WithinLimit();

        (await guess.WithinLimit()).Status.Should().Be(401);
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

    private Task<TestServer> StartAsync(params (string Key, string Value)[] settings) => TestServer.StartAsync(
        new Dictionary<string, string>(settings.Select(static setting => KeyValuePair.Create(setting.Key, setting.Value)))
        {
            ["TrustedProxies"] = "127.0.0.1",
        }, _clock);

    private LogRecorder.LogLine[] Refusals() =>
        [.. _server.Log.Lines.Where(
            static line => line.Level == LogLevel.Warning && line.Text.Contains("without a valid credential"))];

    // The clock stands still, so an answer that is held back does not come.
    private async Task IsHeldAsync(Task<RawResponse> guess, TestServer? server = null)
    {
        var brake = (server ?? _server).Services.GetRequiredService<GuessBrake>();
        await Eventually.HoldsAsync(() => brake.Held == 1, "an answer that is held back");
        guess.IsCompleted.Should().BeFalse();
    }

    private Task<TestClient> ConnectAsync(string address, TestServer? server = null) =>
        TestClient.ConnectAsync((server ?? _server).Dispatcher, configure: options => options.SetRequestHeader("X-Forwarded-For", address));

    private Task<RawResponse> ShakeAsync(string address, string? password, TestServer? server = null)
    {
        var dispatcher = (server ?? _server).Dispatcher;
        var authorization = password is null ? ""
            : $"Authorization: Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"anonymous:{password}"))}\r\n";
        return RawHttp.ReadHeadAsync(dispatcher, Encoding.ASCII.GetBytes(
            $"GET /websocket HTTP/1.1\r\nHost: {dispatcher.Authority}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            + $"Sec-WebSocket-Version: 13\r\nX-Forwarded-For: {address}\r\n{authorization}\r\n"));
    }
}
