using System.Text;

namespace Teal.Tests.Golden;

/// <summary>What Teal shall do in a case: what the original did, but for rules and deviations.</summary>
/// <param name="Responses">The answers, in the order of the requests.</param>
/// <param name="Frames">What each client receives.</param>
/// <param name="Closed">The clients whose connection the server ends, with the close code; all others answer to the last.</param>
/// <param name="States">The stored states at the end; all others that the case names are not there.</param>
internal sealed record Expectation(
    IReadOnlyList<RecordedResponse> Responses,
    IReadOnlyDictionary<string, IReadOnlyList<string>> Frames,
    IReadOnlyDictionary<string, int> Closed,
    IReadOnlyDictionary<string, string> States)
{
    /// <summary>No states at the end.</summary>
    public static readonly IReadOnlyDictionary<string, string> NoStates = new Dictionary<string, string>();

    /// <summary>What the original did.</summary>
    public static Expectation Of(GoldenCase recorded) =>
        new([.. recorded.Requests.Select(static request => request.Response)], recorded.Frames, recorded.Closed, recorded.States);

    /// <summary>The same with another answer to the only request.</summary>
    public Expectation Answer(Func<RecordedResponse, RecordedResponse> change) => this with { Responses = [change(Responses.Single())] };

    /// <summary>The same with other frames for client A.</summary>
    public Expectation Receive(params string[] frames) =>
        this with { Frames = new Dictionary<string, IReadOnlyList<string>>(Frames) { ["A"] = frames } };

    /// <summary>All but the states, one fact a line: equal texts are equal behaviour, and a difference is easily found.</summary>
    public string Describe()
    {
        var text = new StringBuilder();
        foreach (var response in Responses) text.Append(response.Describe()).Append("\n\n");
        foreach (var (client, frames) in Frames.OrderBy(static client => client.Key, StringComparer.Ordinal))
        {
            text.Append(client).Append(" receives\n");
            foreach (var frame in frames) text.Append("  ").Append(frame).Append('\n');
        }

        foreach (var (client, code) in Closed) text.Append(client).Append(" is closed with ").Append(code).Append('\n');
        return text.ToString();
    }
}
