using System.Net;
using System.Text.Json;

namespace Teal.Host.Administration;

/// <summary>What a server's API answered.</summary>
/// <param name="Status">The status.</param>
/// <param name="Body">The body as it came.</param>
internal sealed record ServerAnswer(HttpStatusCode Status, ReadOnlyMemory<byte> Body)
{
    /// <summary>What stands for the content that it shows, as <c>ETag</c> has it; null: nothing does.</summary>
    public string? Tag { get; init; }

    /// <summary>Whether it did what it was asked for.</summary>
    public bool IsSuccess => (int)Status is >= 200 and < 300;

    /// <summary>The body, which is an object; without any member: it is none, as where there is no body.</summary>
    public JsonElement Object { get; } = Read(Body);

    /// <summary>The same answer with another body.</summary>
    public ServerAnswer With(Action<Utf8JsonWriter> write) => new(Status, JsonObject.Write(write)) { Tag = Tag };

    private static JsonElement Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return default;
        }
    }
}
