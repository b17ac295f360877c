using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Teal.Core.Events;
using Teal.Core.Journal;
using Teal.Core.Kinds;
using Teal.Tests.Support;

namespace Teal.Tests.EndToEnd;

/// <summary>
/// What somebody learns of another team's topic whose name he knows: what he would learn of one that never had an event. The clock stands
/// still, so that the same question has the same answer.
/// </summary>
[TestFixture("Memory")]
[TestFixture("Embedded")]
public sealed partial class ForeignTopicTests(string store)
{
    private const string Foreign = "foreign", Unknown = "unknown";

    // Around what the topic had, and beyond all.
    private static readonly TimeSpan[] Distances =
        [-TimeSpan.FromDays(30), -TimeSpan.FromDays(6), -TimeSpan.FromHours(1), default, TimeSpan.FromHours(1), TimeSpan.FromDays(30)];

    private readonly TemporaryFolder _folder = new();
    private readonly ManualTimeProvider _clock = new();
    private readonly List<string> _positions = [];
    private TestServer _server = null!;

    [SetUp]
    public async Task StartAsync() => _server = await TestServer.StartAsync(
        new Dictionary<string, string>
        {
            ["Store"] = store,
            ["DataDirectory"] = _folder.Path,
            ["Journal:MaximumEventsPerTopic"] = "200",
            ["SweepInterval"] = "0 s",
        },
        _clock,
        TestAccounts.Of(
            TestAccounts.Account("acme", "acme", "create callback:*", "read callback:*"),
            TestAccounts.Account("beta", "beta", "create callback:*", "read callback:*")));

    [TearDown]
    public async Task StopAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    // Also where the first events are forgotten, and where they fill more than one page of a replay.
    [TestCase(1, false)]
    [TestCase(3, false)]
    [TestCase(300, false)]
    [TestCase(3, true)]
    [TestCase(300, true)]
    public async Task Register_ForAnotherTeamsTopic_IsAnsweredAsForAnUnknownOne(int events, bool isDeleted)
    {
        await FillAsync(events, isDeleted);
        _clock.Advance(TimeSpan.FromHours(1));

        foreach (var after in Cursors())
        {
            var answers = await AskAsync(Foreign, after);
            answers.Should().Equal(await AskAsync(Unknown, after), "after {0}", after);
            foreach (var position in _positions.Where(position => position != after))
                string.Join(' ', answers).Should().NotContain(position);
        }
    }

    [Test]
    public async Task Register_Again_TellsNothingOfWhatCameMeanwhile()
    {
        await using var beta = await ConnectAsync("beta");
        var first = await AnswersAsync(beta, Foreign, null);
        await FillAsync(5, isDeleted: false);

        (await AnswersAsync(beta, Foreign, null)).Should().Equal(first);
    }

    [Test]
    public async Task Delete_OfAnotherTeamsState_IsAnsweredAsOfAnUnknownOne()
    {
        await FillAsync(3, isDeleted: false);
        await using var beta = await ConnectAsync("beta");
        await beta.SendAsync(new { id = 1, delete = new { type = "callback", state = Foreign } });
        await beta.SendAsync(new { id = 1, delete = new { type = "callback", state = Unknown } });

        (await beta.ReceiveAsync()).Should().Be(await beta.ReceiveAsync());
    }

    [Test]
    public async Task Register_ForOnesOwnTopicWhoseEventsAreGone_TellsTheGap()
    {
        await FillAsync(3, isDeleted: true);
        await using var acme = await ConnectAsync("acme");

        (await AnswersAsync(acme, Foreign, _positions[0])).Should().Contain(answer => answer.Contains("\"gap\""))
            .And.Contain(answer => answer.Contains(_positions[2]));
        (await AnswersAsync(acme, Foreign, _positions[2])).Should().NotContain(static answer => answer.Contains("\"gap\""));
    }

    private IEnumerable<string?> Cursors()
    {
        yield return null;
        yield return "earliest";
        yield return "2026-01-01T00:00:00";
        yield return _clock.GetUtcNow().AddMinutes(-90).ToString("s", CultureInfo.InvariantCulture);
        foreach (var position in new[] { _positions[0], _positions[^1] }.Distinct())
        {
            var at = long.Parse(position, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            foreach (var distance in Distances)
            {
                for (var i = -1; i <= 1; i++) yield return $"{at + (long)distance.TotalMicroseconds + i:x14}";
            }
        }
    }

    private async Task FillAsync(int events, bool isDeleted)
    {
        var expiresAt = _clock.GetUtcNow().AddDays(6).ToString("s", CultureInfo.InvariantCulture);
        await DoAsync(new { id = 1, create = new { type = "callback", state = Foreign, expires_at = expiresAt } });
        for (var i = 0; i < events; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            (await _server.GetAsync($"/callback?state={Foreign}&n={i}")).Status.Should().Be(204);
        }

        var journal = (IEventJournal)_server.Services.GetService(typeof(IEventJournal))!;
        var page = await journal.ReadAsync(new Topic(EventKinds.Callback, Foreign), 0, 1000, CancellationToken.None);
        page.Events.Should().OnlyContain(static kept => kept.Owner == "acme");
        _positions.AddRange(page.Events.Select(static kept => $"{kept.Place.Position:x14}"));
        if (isDeleted) await DoAsync(new { id = 2, delete = new { type = "callback", state = Foreign } });
    }

    // A connection does not live for as long as the clock is moved.
    private async Task DoAsync(object message)
    {
        await using var acme = await ConnectAsync("acme");
        await acme.SendAsync(message);
        (await acme.ReceiveAsync()).Should().Contain("\"ack\"");
    }

    private async Task<List<string>> AskAsync(string state, string? after)
    {
        await using var beta = await ConnectAsync("beta");
        return await AnswersAsync(beta, state, after);
    }

    // All that comes, without what tells the topic.
    private static async Task<List<string>> AnswersAsync(TestClient client, string state, string? after)
    {
        var answers = new List<string>();
        await client.SendAsync(JsonSerializer.Serialize(
            new { id = 1, register_to = new { type = "callback", state, after, tell_end = true } }));
        do
        {
            var answer = (await client.ReceiveAsync())!.Replace($"\"{state}\"", "STATE", StringComparison.Ordinal);
            answers.Add(TopicTag().Replace(answer, "$1"));
        }
        while (!answers[^1].Contains("\"replayed\"") && !answers[^1].Contains("\"error\""));

        return answers;
    }

    private Task<TestClient> ConnectAsync(string account) =>
        TestClient.ConnectAsync(_server.Dispatcher, subprotocol: "teal.v2", user: account);

    [GeneratedRegex("([0-9a-f]{20})[0-9a-f]{6}\"")]
    private static partial Regex TopicTag();
}
