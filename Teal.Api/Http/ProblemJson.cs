using System.Text.Json.Serialization;

namespace Teal.Api.Http;

/// <summary>Writes problems.</summary>
[JsonSerializable(typeof(ProblemBody))]
[JsonSerializable(typeof(string))]
internal sealed partial class ProblemJson : JsonSerializerContext
{
    /// <summary>The one for all.</summary>
    public static ProblemJson Written { get; } = new(ApiJson.Form());
}
