using System.Text.Json;

namespace Teal.Host.Commands;

/// <summary>
/// Reads what a server answered, for a terminal: control characters are written out, and what is missing is empty, as a later server may
/// leave out what this one tells.
/// </summary>
internal static class ServerJson
{
    /// <summary>A member; null: there is none, or it is null.</summary>
    public static JsonElement? Find(this JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out var member) && member.ValueKind != JsonValueKind.Null
            ? member : null;

    /// <summary>A member that is a text; empty: there is none.</summary>
    public static string Text(this JsonElement value, string name) =>
        value.Find(name) is { ValueKind: JsonValueKind.String } text ? EventText.Printable(text.GetString()!) : "";

    /// <summary>A member that is a whole number; 0: there is none.</summary>
    public static long Number(this JsonElement value, string name) =>
        value.Find(name) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out var whole) ? whole : 0;

    /// <summary>A member that is true or false, in a word.</summary>
    public static string YesOrNo(this JsonElement value, string name) =>
        value.Find(name) is { ValueKind: JsonValueKind.True } ? "yes" : "no";

    /// <summary>A member that is a list of texts; empty: there is none.</summary>
    public static IEnumerable<string> Texts(this JsonElement value, string name) => value.Items(name)
        .Where(static item => item.ValueKind == JsonValueKind.String).Select(static item => EventText.Printable(item.GetString()!));

    /// <summary>A member that is a list; empty: there is none.</summary>
    public static IEnumerable<JsonElement> Items(this JsonElement value, string name) =>
        value.Find(name) is { ValueKind: JsonValueKind.Array } items ? items.EnumerateArray() : [];
}
