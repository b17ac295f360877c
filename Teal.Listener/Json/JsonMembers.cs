using System.Text.Json;

namespace Teal.Listener.Json;

/// <summary>
/// The members of a JSON object. They are found in one pass, whose cost depends on the text's length alone:
/// <see cref="JsonDocument"/> goes back over what it has read at each closing bracket, and a stranger can choose how often. No
/// value is decoded before somebody asks for it.
/// </summary>
internal sealed class JsonMembers
{
    private readonly Dictionary<string, (JsonTokenType Type, ReadOnlyMemory<byte> Json)> _values = new(StringComparer.Ordinal);

    private JsonMembers()
    {
    }

    /// <summary>
    /// Reads an object. Null: it is another JSON value, or two of its members, or of an object's within it, have one name
    /// where that is not allowed.
    /// </summary>
    /// <param name="json">The text.</param>
    /// <param name="allowsDuplicates">Whether a name may stand twice; the last one counts.</param>
    /// <exception cref="JsonException">It is not JSON (RFC 8259).</exception>
    /// <exception cref="InvalidOperationException">A name is no valid text.</exception>
    public static JsonMembers? Read(ReadOnlyMemory<byte> json, bool allowsDuplicates)
    {
        var members = new JsonMembers();
        var reader = new Utf8JsonReader(json.Span);
        reader.Read();
        var isRead = reader.TokenType == JsonTokenType.StartObject && members.TryFill(json, ref reader, allowsDuplicates);

        // What follows would not be JSON.
        return isRead && !reader.Read() ? members : null;
    }

    /// <summary>Whether there is such a member that is not null.</summary>
    public bool Has(string name) => TypeOf(name) is not (JsonTokenType.None or JsonTokenType.Null);

    /// <summary>The member's type, by the token that it begins with; <see cref="JsonTokenType.None"/>: there is none.</summary>
    public JsonTokenType TypeOf(string name) => _values.GetValueOrDefault(name).Type;

    /// <summary>
    /// The member's text; null: it is no string. Throws <see cref="InvalidOperationException"/> when that is no valid text.
    /// </summary>
    public string? Text(string name) => TypeOf(name) == JsonTokenType.String ? ReaderOf(name).GetString() : null;

    /// <summary>The member's number; null: it is none, or none that a decimal holds.</summary>
    public decimal? Number(string name) =>
        TypeOf(name) == JsonTokenType.Number && ReaderOf(name).TryGetDecimal(out var number) ? number : null;

    private static bool TryPassOver(ref Utf8JsonReader reader)
    {
        var end = reader.TokenType switch
        {
            JsonTokenType.StartObject => JsonTokenType.EndObject,
            JsonTokenType.StartArray => JsonTokenType.EndArray,
            _ => JsonTokenType.None,
        };
        if (end == JsonTokenType.None) return true;

        HashSet<string>? names = null;
        while (reader.Read() && reader.TokenType != end)
        {
            if (reader.TokenType == JsonTokenType.PropertyName)
            {
                if (!(names ??= new HashSet<string>(StringComparer.Ordinal)).Add(reader.GetString()!)) return false;
                reader.Read();
            }

            if (!TryPassOver(ref reader)) return false;
        }

        return true;
    }

    private bool TryFill(ReadOnlyMemory<byte> json, ref Utf8JsonReader reader, bool allowsDuplicates)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            var (type, start) = (reader.TokenType, (int)reader.TokenStartIndex);
            if (allowsDuplicates) reader.Skip();
            else if (_values.ContainsKey(name) || !TryPassOver(ref reader)) return false;

            _values[name] = (type, json[start..(int)reader.BytesConsumed]);
        }

        return true;
    }

    private Utf8JsonReader ReaderOf(string name)
    {
        var reader = new Utf8JsonReader(_values[name].Json.Span);
        reader.Read();
        return reader;
    }
}
