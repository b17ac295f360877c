using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Teal.Api.Http;

/// <summary>Instants as people read them: UTC, whole seconds, with a <c>Z</c>.</summary>
internal sealed class InstantForm : JsonConverter<DateTime>
{
    /// <inheritdoc/>
    public override DateTime Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDateTime();

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, DateTime value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
}
