using System.Text.Json;
using Teal.Core.Events;

namespace Teal.Core.Kinds;

/// <summary>
/// Reads events as other processes, the original's among them, put them on the bus (specification 4.1). Members that are not known are
/// passed over, and a missing timestamp is now; white space does not matter.
/// </summary>
public static class EventJsonReader
{
    /// <summary>The event; null when the body is none of that kind. Never throws.</summary>
    /// <param name="kind">The kind, which the exchange tells.</param>
    /// <param name="body">The body, which is not needed any more afterwards.</param>
    /// <param name="now">The present instant, UTC.</param>
    /// <param name="content">What a journal keeps beside the body (<see cref="EventKind.ContentOf"/>); null: the body has all.</param>
    public static TealEvent? Read(EventKind kind, ReadOnlyMemory<byte> body, DateTime now, ReadOnlyMemory<byte>? content = null)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryReadInstant("timestamp", out var timestamp)) return null;

            return kind.Read(root, timestamp ?? now, content);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Not JSON, or a string with a lone surrogate.
            return null;
        }
    }

    /// <summary>The topic of such a body, which is read no further than to it; null when it is not found. Never throws.</summary>
    public static Topic? ReadTopic(EventKind kind, ReadOnlySpan<byte> body)
    {
        try
        {
            var json = new Utf8JsonReader(body);
            if (!json.Read() || json.TokenType != JsonTokenType.StartObject) return null;

            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                var isKey = json.ValueTextEquals(kind.EventKeyMember);
                if (!json.Read()) return null;
                if (isKey) return json.TokenType == JsonTokenType.String ? new Topic(kind, json.GetString()!) : null;

                json.Skip();
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Not JSON, or a string with a lone surrogate.
        }

        return null;
    }
}
