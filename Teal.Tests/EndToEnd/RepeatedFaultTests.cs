using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Teal.Core.Hosting;
using Teal.Core.Journal;
using Teal.Core.States;
using Teal.Tests.Support;

namespace Teal.Tests.EndToEnd;

/// <summary>However often a stranger or a client runs into a fault, the log has a line at once, and a sum a minute later.</summary>
public sealed class RepeatedFaultTests
{
    private readonly ManualTimeProvider _clock = new();
    private readonly FaultyStore _store = new();
    private TestServer _server = null!;

    [SetUp]
    public async Task Start() => _server = await TestServer.StartAsync(
        clock: _clock, configure: services => services.AddSingleton<ICallbackStateStore>(_store).AddSingleton<IJournalUsage>(_store));

    [TearDown]
    public async Task Stop() => await _server.DisposeAsync();

    [Test]
    public async Task Callbacks_WhileTheStoreIsAway_AreOneErrorASumAndItsEnd()
    {
        for (var i = 0; i < 5; i++) (await _server.GetAsync("/callback?state=s")).Status.Should().Be(503);
        Lines(LogLevel.Error).Should().ContainSingle().Which.Should().Contain(nameof(TimeoutException));
        _clock.Advance(RepeatedMessage.Interval);
        Lines(LogLevel.Error).Should().HaveCount(2);
        Lines(LogLevel.Error)[1].Should().Contain("4 times more");

        _store.Works = true;
        for (var i = 0; i < 5; i++) (await _server.GetAsync("/callback?state=s")).Status.Should().Be(404);
        Lines(LogLevel.Information).Should().ContainSingle(static line => line.Contains("answers again"));
    }

    [TestCase(StoreResult.Stored, LogLevel.Error, "could not be stored")]
    [TestCase(StoreResult.Full, LogLevel.Warning, "full")]
    public async Task Creations_ThatTheStoreDoesNotTake_AreOneLineAndASum(StoreResult result, LogLevel level, string text)
    {
        (_store.Result, _store.Works) = (result, result != StoreResult.Stored);
        await using var client = await TestClient.ConnectAsync(_server.Dispatcher);
        var expiresAt = _clock.GetUtcNow().AddHours(1).ToString("s");
        for (var i = 0; i < 5; i++)
        {
            await client.SendAsync(new { create = new { type = "callback", state = "s", expires_at = expiresAt } });
            (await client.ReceiveAsync()).Should().Contain("callback_creation_failure");
        }

        Lines(level).Should().ContainSingle().Which.Should().Contain(text);
        _clock.Advance(RepeatedMessage.Interval);
        Lines(level).Should().HaveCount(2);
        Lines(level)[1].Should().Contain("4 times more");
    }

    [Test]
    public async Task Requests_ThatFailForAnUnknownReason_AreOneStackAndASum()
    {
        for (var i = 0; i < 5; i++) (await RawHttp.SendAsync(_server.Listener, "GET", "/health/ready", [])).Status.Should().Be(500);
        Lines(LogLevel.Error).Should().ContainSingle().Which.Should().Contain("   at ");
        _clock.Advance(RepeatedMessage.Interval);

        Lines(LogLevel.Error).Should().HaveCount(2);
        Lines(LogLevel.Error)[1].Should().Contain("4 times more").And.NotContain("   at ");
    }

    private string[] Lines(
        LogLevel level) => [.. _server.Log.Lines.Where(line => line.Level == level && line.Category.StartsWith("Teal"))
            .Select(static line => line.Text)];

    private sealed class FaultyStore : ICallbackStateStore, IJournalUsage
    {
        public bool Works { get; set; }

        public StoreResult Result { get; set; }

        public JournalUsage Usage => throw new InvalidOperationException("For a reason that nobody knows.");

        public ValueTask<CallbackState?> FindAsync(string state, CancellationToken cancellationToken) =>
            Works ? ValueTask.FromResult<CallbackState?>(null) : throw new TimeoutException();

        public ValueTask<StoreResult> PutAsync(CallbackState state, CancellationToken cancellationToken) =>
            Works ? ValueTask.FromResult(Result) : throw new TimeoutException();

        public ValueTask<bool> DeleteAsync(string state, string owner, CancellationToken cancellationToken) =>
            ValueTask.FromResult(false);
    }
}
