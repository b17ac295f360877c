using System.Text.Json.Serialization;
using Teal.Api.Http;

namespace Teal.Api.Status;

/// <summary>Writes how a process is doing.</summary>
[JsonSerializable(typeof(ServerStatus))]
internal sealed partial class StatusJson : JsonSerializerContext
{
    /// <summary>The one for all.</summary>
    public static StatusJson Written { get; } = new(ApiJson.Form());
}
