using System.Text.Json;

namespace Teal.Tests.Golden;

/// <summary>One recorded case of the original: what was done to it, and what was seen. Texts still hold their placeholders.</summary>
/// <param name="Id">What the deviations refer to.</param>
/// <param name="Area">The letter of the area, <c>A</c> to <c>K</c>.</param>
/// <param name="Title">What the case is about.</param>
/// <param name="Steps">What was done, in this order.</param>
/// <param name="Frames">The clients, in the order in which they came, and what each received.</param>
/// <param name="Closed">The clients whose connection was over at the end, with the close code.</param>
/// <param name="States">The stored states at the end, by the state's name, as Redis holds them.</param>
/// <param name="Observed">Remarks of the recorder; undefined: none.</param>
internal sealed record GoldenCase(
    string Id,
    char Area,
    string Title,
    IReadOnlyList<GoldenStep> Steps,
    IReadOnlyDictionary<string, IReadOnlyList<string>> Frames,
    IReadOnlyDictionary<string, int> Closed,
    IReadOnlyDictionary<string, string> States,
    JsonElement Observed)
{
    /// <summary>The HTTP requests among the steps.</summary>
    public IEnumerable<HttpStep> Requests => Steps.OfType<HttpStep>();

    /// <summary>Whether the recorder remarked <paramref name="name"/>.</summary>
    public bool Has(string name) => Observed.ValueKind == JsonValueKind.Object && Observed.TryGetProperty(name, out _);
}
