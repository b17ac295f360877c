using System.Text.Json;

namespace Teal.Client;

/// <summary>Reads what a server wrote, which may be anything.</summary>
internal static class JsonElementExtensions
{
    /// <summary>The text of a member; null: this is no object, has no such member, or that is no text.</summary>
    public static string? TextOf(this JsonElement json, string member)
    {
        try
        {
            if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty(member, out var value)) return null;
            return value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            // A half of a surrogate pair.
            return null;
        }
    }
}
