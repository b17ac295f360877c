using System.Text.Json.Serialization;
using Teal.Api.Http;

namespace Teal.Api.Purge;

/// <summary>Writes what a purge did.</summary>
[JsonSerializable(typeof(PurgeAnswer))]
internal sealed partial class PurgeJson : JsonSerializerContext
{
    /// <summary>The one for all.</summary>
    public static PurgeJson Written { get; } = new(ApiJson.Form());
}
