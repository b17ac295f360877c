using System.Text.Json.Serialization;
using Teal.Api.Http;

namespace Teal.Api.OneTimePasswords;

/// <summary>Writes one-time passwords.</summary>
[JsonSerializable(typeof(OneTimePasswordEntry))]
internal sealed partial class OneTimePasswordForms : JsonSerializerContext
{
    /// <summary>The one for all.</summary>
    public static OneTimePasswordForms Written { get; } = new(ApiJson.Form());
}
