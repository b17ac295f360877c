using System.Text;
using System.Text.Json;

namespace Teal.Tests.Golden;

/// <summary>Reads <c>golden.json</c>, which is embedded in the test assembly.</summary>
internal static class GoldenFile
{
    private const string KeyPrefix = "callback_";

    /// <summary>All cases, in the order of the record, with the instants of <paramref name="now"/>.</summary>
    public static IReadOnlyList<GoldenCase> Read(DateTime now)
    {
        using var stream = typeof(GoldenFile).Assembly.GetManifestResourceStream("golden.json")!;
        using var document = JsonDocument.Parse(stream);
        return [.. document.RootElement.GetProperty("cases").EnumerateArray().Select(element => RecordGaps.Close(ReadCase(element, now)))];
    }

    private static GoldenCase ReadCase(JsonElement element, DateTime now) => new(
        element.GetProperty("id").GetString()!,
        element.GetProperty("area").GetString()![0],
        element.GetProperty("title").GetString()!,
        [.. element.GetProperty("steps").EnumerateArray().Select(step => ReadStep(step, now)).OfType<GoldenStep>()],
        Members(element, "ws_frames").ToDictionary(
            static client => client.Name,
            client => (IReadOnlyList<string>)[.. client.Value.EnumerateArray().Select(
                frame => RecordedText.RenderReceived(frame.GetString()!, now))]),
        Members(element, "ws_closed_by_server")
            .ToDictionary(static client => client.Name, static client => client.Value.GetProperty("code").GetInt32()),
        Members(element, "redis_after").ToDictionary(key => StateOf(key.Name, now), key => Text(key.Value.GetProperty("value"), now)),
        element.TryGetProperty("observed", out var observed) ? observed.Clone() : default);

    // A step that is told in words only is one of the record's gaps.
    private static GoldenStep? ReadStep(JsonElement step, DateTime now)
    {
        if (step.TryGetProperty("ws_send", out var client)) return new SendStep(client.GetString()!, Text(step.GetProperty("data"), now));
        if (step.TryGetProperty("redis_set", out var key))
            return new StoreStep(StateOf(key.GetString()!, now), Text(step.GetProperty("value"), now));
        if (step.TryGetProperty("http", out var http)) return ReadHttp(http, step.GetProperty("response"), now);
        if (!step.TryGetProperty("amqp_publish", out var message)) return null;

        return new BrokerStep(
            message.GetProperty("exchange").GetString()!, message.GetProperty("routing_key").GetString()!,
            message.GetProperty("body").ToString());
    }

    private static HttpStep ReadHttp(JsonElement http, JsonElement response, DateTime now) => new(
        http.GetProperty("to").GetString()!,
        http.GetProperty("method").GetString()!,
        Text(http.GetProperty("target"), now),
        [.. http.GetProperty("headers").EnumerateArray().Select(header => (header[0].GetString()!, Text(header[1], now)))],
        Bytes(http.GetProperty("body"), now),
        new RecordedResponse(
            response.GetProperty("status").GetInt32(),
            response.GetProperty("headers")
                .EnumerateArray().ToDictionary(static header => header[0].GetString()!.ToLowerInvariant(), header => Text(header[1], now)),
            Text(response.GetProperty("body"), now)));

    private static string StateOf(string key, DateTime now) => RecordedText.Render(key, now)[KeyPrefix.Length..];

    private static IEnumerable<JsonProperty> Members(JsonElement element, string name) =>
        element.TryGetProperty(name, out var member) ? member.EnumerateObject() : [];

    private static string Text(JsonElement element, DateTime now) => RecordedText.Render(element.GetString()!, now);

    private static byte[] Bytes(JsonElement body, DateTime now) => body.ValueKind == JsonValueKind.Object
        ? body.GetProperty("base64").GetBytesFromBase64()
        : Encoding.UTF8.GetBytes(Text(body, now));
}
