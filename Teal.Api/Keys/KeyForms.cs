using System.Text.Json.Serialization;
using Teal.Api.Http;

namespace Teal.Api.Keys;

/// <summary>Writes keys.</summary>
[JsonSerializable(typeof(KeyPage))]
[JsonSerializable(typeof(MadeKey))]
internal sealed partial class KeyForms : JsonSerializerContext
{
    /// <summary>The one for all.</summary>
    public static KeyForms Written { get; } = new(ApiJson.Form());
}
