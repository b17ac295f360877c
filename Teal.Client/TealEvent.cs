using System.Text.Json;

namespace Teal.Client;

/// <summary>An event as the dispatcher sent it, or a message of a type that this version does not know.</summary>
public class TealEvent
{
    internal TealEvent(string type, JsonElement json) => (Type, Json, Cursor) = (type, json, json.TextOf("cursor"));

    /// <summary>Its type, such as <c>callback</c>.</summary>
    public string Type { get; }

    /// <summary>Where to go on behind it (<see cref="From.Cursor"/>); null: it is not kept, or the dispatcher keeps none.</summary>
    public string? Cursor { get; }

    /// <summary>The whole message, with all members and as it was written. It stays valid.</summary>
    public JsonElement Json { get; }
}
