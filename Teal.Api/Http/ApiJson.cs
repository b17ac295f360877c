using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Teal.Api.Http;

/// <summary>How values are written: members in <c>snake_case</c>, nulls present, letters of all languages as themselves.</summary>
internal static class ApiJson
{
    /// <summary>The form of a context of its own, which it cannot share.</summary>
    public static JsonSerializerOptions Form() => new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new InstantForm() },

        // It is never part of an HTML page: the media type says what it is, and nosniff that this counts.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}
