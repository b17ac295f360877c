using System.Text.Json.Serialization;
using Teal.Api.Http;

namespace Teal.Api.Connections;

/// <summary>Writes connections.</summary>
[JsonSerializable(typeof(ConnectionPage))]
internal sealed partial class ConnectionForms : JsonSerializerContext
{
    /// <summary>The one for all.</summary>
    public static ConnectionForms Written { get; } = new(ApiJson.Form());
}
