using System.Text;
using System.Text.Json;
using Teal.Core.States;
using Teal.Core.Wire;
using Teal.Redis;

namespace Teal.Tests.Golden;

/// <summary>Replays what was recorded of the original, and wants the same of Teal, or a difference that is meant.</summary>
public sealed class GoldenTests
{
    private static readonly IReadOnlyDictionary<string, GoldenCase> Recorded = GoldenFile.Read(Replay.Now)
        .ToDictionary(static recorded => recorded.Id);

    private static IEnumerable<object[]> Cases =>
        Recorded.Values.Where(static recorded => !CoveredElsewhere.All.ContainsKey(recorded.Id))
            .Select(static recorded => new object[] { recorded.Id, recorded.Title });

    private static IEnumerable<string> RuleNames => Rules.OfAnswers.Select(static rule => rule.Name);

    [TestCaseSource(nameof(Cases))]
    public async Task Replay_RecordedCase_BehavesLikeTheOriginalOrDiffersOnPurpose(string id, string title)
    {
        var recorded = Recorded[id];
        var expected = ExpectationFor(recorded);
        await using var replay = await Replay.StartAsync(recorded);
        var seen = await replay.RunAsync(recorded);

        using var scope = new FluentAssertions.Execution.AssertionScope($"{id} {title}");
        seen.Describe().Should().Be(expected.Describe());
        foreach (var state in StatesOf(recorded))
        {
            var stored = await replay.FindStateAsync(state);
            stored.Should().Be(ExpectedState(expected, state), "the state should be stored just so");
        }
    }

    [Test]
    public void CoveredElsewhere_EachCase_ExistsAndSoDoesItsTest()
    {
        foreach (var (id, (fixture, test)) in CoveredElsewhere.All)
        {
            Recorded.Should().ContainKey(id);
            fixture.GetMethod(test)!.GetCustomAttributes(inherit: true)
                .Should().Contain(attribute => attribute is TestAttribute || attribute is TestCaseAttribute, test);
        }
    }

    [Test]
    public void Deviations_EachCase_ExistsAndIsNotCoveredByTheRules()
    {
        foreach (var id in Deviations.All.SelectMany(static deviation => deviation.Ids))
        {
            Recorded.Should().ContainKey(id);
            var byRules = Rules.Apply(Recorded[id]);
            var expected = ExpectationFor(Recorded[id]);
            var differs = expected.Describe() != byRules.Describe() || !expected.States.SequenceEqual(byRules.States);
            differs.Should().BeTrue("{0} should differ from what the rules say", id);
        }
    }

    [TestCaseSource(nameof(RuleNames))]
    public void Rule_OverAllCases_AppliesSomewhere(string name)
    {
        var rule = Rules.OfAnswers.Single(rule => rule.Name == name);
        Recorded.Values.SelectMany(static recorded => recorded.Requests)
            .Should().Contain(request => rule.Change(request, request.Response).Describe() != request.Response.Describe());
    }

    private static Expectation ExpectationFor(GoldenCase recorded)
    {
        var byRules = Rules.Apply(recorded);
        return Deviations.Of(recorded)?.Change(byRules) ?? byRules;
    }

    // A value that cannot be read is as good as not there.
    private static CallbackState? ExpectedState(Expectation expected, string state) =>
        expected.States.TryGetValue(state, out var value) ? CallbackStateJson.Decode(state, Encoding.UTF8.GetBytes(value)) : null;

    // Every state that the case names, whether it was stored or not.
    private static IEnumerable<string> StatesOf(GoldenCase recorded) =>
        recorded.Steps.OfType<SendStep>().Select(static send => CreatedState(send.Text)).OfType<string>()
            .Concat(recorded.Steps.OfType<StoreStep>().Select(static store => store.State))
            .Concat(recorded.States.Keys).Distinct();

    private static string? CreatedState(string message)
    {
        try
        {
            using var document = JsonDocument.Parse(message);
            return document.RootElement.GetProperty("create").GetProperty("state").GetString();
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return null;
        }
    }
}
