using System.Runtime.InteropServices;
using System.Text.Json;
using Teal.Core.Wire;

namespace Teal.Core.Kinds;

/// <summary>Members of an object, of whatever type they are.</summary>
internal static class JsonElementExtensions
{
    /// <summary>A string; null: it is missing, or no string.</summary>
    public static string? Text(this JsonElement part, string name) =>
        part.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.String ? member.GetString() : null;

    /// <summary>The same as its bytes, without a string, which would take twice as much.</summary>
    public static Utf8Text? Bytes(this JsonElement part, string name)
    {
        if (!part.TryGetProperty(name, out var member) || member.ValueKind != JsonValueKind.String) return null;

        var raw = JsonMarshal.GetRawUtf8Value(member);
        var bytes = GC.AllocateUninitializedArray<byte>(raw.Length);
        var reader = new Utf8JsonReader(raw);
        reader.Read();
        var length = reader.CopyString(bytes);

        // Without escapes it is shorter by its quotes only.
        return new Utf8Text(reader.ValueIsEscaped ? bytes.AsSpan(0, length).ToArray() : bytes.AsMemory(0, length));
    }

    /// <summary>An object; null: it is missing, or no object.</summary>
    public static JsonElement? Part(this JsonElement part, string name) =>
        part.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.Object ? member : null;

    /// <summary>An instant, null where it is missing; false where it is there and no instant.</summary>
    public static bool TryReadInstant(this JsonElement part, string name, out DateTime? instant)
    {
        instant = null;
        if (!part.TryGetProperty(name, out var member) || member.ValueKind == JsonValueKind.Null) return true;

        DateTime utc;
        var isInstant = member.ValueKind switch
        {
            JsonValueKind.String => IsoInstant.TryParse(member.GetString(), out var parsed) & parsed.TryGetUtc(out utc),
            JsonValueKind.Number => member.TryGetDecimal(out var number) & UnixInstant.TryGetUtc(number, out utc),
            _ => IsNothing(out utc),
        };
        if (isInstant) instant = utc;
        return isInstant;
    }

    private static bool IsNothing(out DateTime utc)
    {
        utc = default;
        return false;
    }
}
