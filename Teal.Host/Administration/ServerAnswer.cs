using System.Net;
using System.Text.Json;

namespace Teal.Host.Administration;

/// <summary>What a server's API answered.</summary>
/// <param name="Status">The status.</param>
/// <param name="Body">The body as it came.</param>
internal sealed record ServerAnswer(HttpStatusCode Status, ReadOnlyMemory<byte> Body)
{
    /// <summary>Whether it did what it was asked for.</summary>
    public bool IsSuccess => (int)Status is >= 200 and < 300;

    /// <summary>The body, which is an object; without any member: it is none, as where there is no body.</summary>
    public JsonElement Object { get; } = Read(Body);

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
