using System.Buffers.Text;
using System.Text;
using System.Text.Json.Nodes;

namespace Teal.Tests.Support;

/// <summary>A token that a test makes: right as <see cref="TokenIssuer.Draft"/> gives it, and then as wrong as the test needs it.</summary>
internal sealed class TokenDraft(SigningKey key)
{
    /// <summary>Its header, without what the key says.</summary>
    public JsonObject Header { get; } = new() { ["alg"] = key.Algorithm, ["kid"] = key.Id };

    /// <summary>What it says.</summary>
    public JsonObject Payload { get; } = [];

    /// <summary>The same with one more claim, or another value of it.</summary>
    public TokenDraft With(string claim, JsonNode? value)
    {
        Payload[claim] = value;
        return this;
    }

    /// <summary>The same without a claim.</summary>
    public TokenDraft Without(string claim)
    {
        Payload.Remove(claim);
        return this;
    }

    /// <summary>The same with one more member of the header, or another value of it; null: without it.</summary>
    public TokenDraft WithHeader(string name, JsonNode? value)
    {
        if (value is null) Header.Remove(name);
        else Header[name] = value;
        return this;
    }

    /// <summary>The token, signed with the key.</summary>
    public string Sign() => Sign(key.Sign);

    /// <summary>The token, signed in another way.</summary>
    public string Sign(Func<byte[], byte[]> sign) => Sign(Header.ToJsonString(), Payload.ToJsonString(), sign);

    /// <summary>A token of any texts.</summary>
    public static string Sign(string header, string payload, Func<byte[], byte[]> sign)
    {
        var text = $"{Encode(header)}.{Encode(payload)}";
        return $"{text}.{Base64Url.EncodeToString(sign(Encoding.ASCII.GetBytes(text)))}";
    }

    private static string Encode(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
}
