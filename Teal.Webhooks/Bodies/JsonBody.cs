using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Teal.Webhooks.Bodies;

/// <summary>A body that is JSON. Members that stand twice make it none, as each reader would choose its own.</summary>
internal static class JsonBody
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 64 };

    /// <summary>The object; null: it is none. Never throws.</summary>
    public static JsonElement? Read(ReadOnlyMemory<byte> body) => Read(body, JsonValueKind.Object);

    /// <summary>The items of a list; empty: it is none. Never throws.</summary>
    public static IReadOnlyList<JsonElement> ReadList(ReadOnlyMemory<byte> body) =>
        Read(body, JsonValueKind.Array) is { } list ? [.. list.EnumerateArray()] : [];

    /// <summary>An object of texts, names and values in turn.</summary>
    public static string Write(params ReadOnlySpan<string> members)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            for (var i = 0; i + 1 < members.Length; i += 2) json.WriteString(members[i], members[i + 1]);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>A member that is a text; null: it is missing, none, or no Unicode.</summary>
    public static string? Text(JsonElement part, string name)
    {
        try
        {
            return part.ValueKind == JsonValueKind.Object && part.TryGetProperty(name, out var member)
                && member.ValueKind == JsonValueKind.String ? member.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>A member that is a list; empty: it is missing, or none.</summary>
    public static IReadOnlyList<JsonElement> List(JsonElement part, string name) =>
        part.ValueKind == JsonValueKind.Object && part.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.Array
            ? [.. member.EnumerateArray()] : [];

    /// <summary>A member that is an object; null: it is missing, or none.</summary>
    public static JsonElement? Part(JsonElement part, string name) =>
        part.ValueKind == JsonValueKind.Object && part.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.Object
            ? member : null;

    private static JsonElement? Read(ReadOnlyMemory<byte> body, JsonValueKind kind)
    {
        try
        {
            using var document = JsonDocument.Parse(body, Strict);
            return document.RootElement.ValueKind == kind ? document.RootElement.Clone() : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // No JSON, or a name with a lone surrogate.
            return null;
        }
    }
}
