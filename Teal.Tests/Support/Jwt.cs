using System.Buffers.Text;
using System.Text.Json;

namespace Teal.Tests.Support;

/// <summary>JSON web tokens, whose signature is nobody's concern here.</summary>
internal static class Jwt
{
    /// <summary>What the token says.</summary>
    public static JsonElement PayloadOf(string token) =>
        JsonSerializer.Deserialize<JsonElement>(Base64Url.DecodeFromChars(token.Split('.')[1]));
}
