using System.Text;

namespace Teal.Tests.Golden;

/// <summary>An HTTP request, byte for byte as it was sent, and its answer.</summary>
/// <param name="To"><c>listener</c>, <c>listener_powens_fallback</c>, <c>dispatcher</c>, or a process of its own.</param>
/// <param name="Method">The method, valid or not.</param>
/// <param name="Target">The request target, not encoded any further.</param>
/// <param name="Headers">All headers, repeated ones included; without a <c>Host</c> the request is one of HTTP/1.0.</param>
/// <param name="Body">The body, possibly empty.</param>
/// <param name="Response">What the original answered.</param>
internal sealed record HttpStep(
    string To, string Method, string Target, IReadOnlyList<(string Name, string Value)> Headers, byte[] Body,
    RecordedResponse Response) : GoldenStep
{
    /// <summary>Whether the connection is for this one request.</summary>
    public bool IsLast => Header("Connection") == "close";

    /// <summary>Whether it begins a websocket.</summary>
    public bool IsHandshake => Header("Upgrade") is not null;

    /// <summary>The first header of that name; null: none.</summary>
    public string? Header(string name) => Headers.FirstOrDefault(header => header.Name == name).Value;

    /// <summary>The request as it goes over the wire.</summary>
    public byte[] ToBytes()
    {
        var version = Header("Host") is null ? "1.0" : "1.1";
        var head = new StringBuilder($"{Method} {Target} HTTP/{version}\r\n");
        foreach (var (name, value) in Headers) head.Append(name).Append(": ").Append(value).Append("\r\n");
        return [.. Encoding.UTF8.GetBytes(head.Append("\r\n").ToString()), .. Body];
    }
}
