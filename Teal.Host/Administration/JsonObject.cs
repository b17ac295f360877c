using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Teal.Host.Administration;

/// <summary>Writes a JSON object.</summary>
internal static class JsonObject
{
    private static readonly JsonWriterOptions Form = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The object, in UTF-8.</summary>
    /// <param name="write">Writes its members.</param>
    public static ReadOnlyMemory<byte> Write(Action<Utf8JsonWriter> write)
    {
        var body = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(body, Form))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return body.WrittenMemory;
    }
}
