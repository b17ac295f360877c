using System.Text.Json;

namespace Teal.Tests.Golden;

/// <summary>Replays what was recorded of the original, and wants the same of Teal, or a difference that is meant.</summary>
[Parallelizable(ParallelScope.Children)]
public sealed class GoldenTests
{
    private static readonly IReadOnlyDictionary<string, GoldenCase> Recorded = GoldenFile.Read(Replay.Now).ToDictionary(static recorded => recorded.Id);

    private static IEnumerable<object[]> Cases => Recorded.Values.Select(static recorded => new object[] { recorded.Id, recorded.Title });

    private static IEnumerable<string> RuleNames => Rules.OfAnswers.Select(static rule => rule.Name);

    [TestCaseSource(nameof(Cases))]
    public async Task Replay_RecordedCase_BehavesLikeTheOriginalOrDiffersOnPurpose(string id, string title)
    {
        var recorded = Recorded[id];
        if (NotYet.ReasonFor(recorded) is { } reason) Assert.Ignore(reason);

        var expected = ExpectationFor(recorded);
        await using var replay = await Replay.StartAsync(recorded);
        var seen = await replay.RunAsync(recorded);

        using var scope = new FluentAssertions.Execution.AssertionScope($"{id} {title}");
        Lines(seen).Should().Be(Lines(expected));
        foreach (var state in StatesOf(recorded))
        {
            var stored = await replay.FindStateAsync(state);
            var shall = expected.States.TryGetValue(state, out var value) && StoredState.TryRead(state, value, out var read) ? read : null;
            stored.Should().Be(shall, "the state should be stored just so");
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
            (Lines(expected) + string.Join('\n', expected.States)).Should().NotBe(Lines(byRules) + string.Join('\n', byRules.States), "{0} should differ", id);
        }
    }

    [TestCaseSource(nameof(RuleNames))]
    public void Rule_OverAllCases_AppliesSomewhere(string name)
    {
        var rule = Rules.OfAnswers.Single(rule => rule.Name == name);
        Recorded.Values.SelectMany(static recorded => recorded.Requests)
            .Should().Contain(request => rule.Change(request, request.Response).ToString() != request.Response.ToString());
    }

    private static Expectation ExpectationFor(GoldenCase recorded)
    {
        var byRules = Rules.Apply(recorded);
        return Deviations.Of(recorded)?.Change(byRules) ?? byRules;
    }

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

    private static string Lines(Expectation expectation) =>
        string.Join("\n\n", expectation.Responses.Select(WithoutPage))
        + "\n" + string.Concat(expectation.Frames.OrderBy(static client => client.Key, StringComparer.Ordinal).Select(static client => $"{client.Key} receives\n{string.Concat(client.Value.Select(static frame => $"  {frame}\n"))}"))
        + string.Concat(expectation.Closed.Select(static client => $"{client.Key} is closed with {client.Value}\n"));

    // The fragment page is each server's own; the record has a remark in its place.
    private static string WithoutPage(RecordedResponse response) =>
        (response.Body.StartsWith("<fragment.html,", StringComparison.Ordinal) || response.Body.Contains("raw-callback?full_url=", StringComparison.Ordinal)
            ? response with { Body = "(the fragment page)" } : response).ToString();
}
