using System.Security.Cryptography;
using System.Text;
using Teal.Benchmarks.Floor;

namespace Teal.Benchmarks.Load.Servers;

/// <summary>A webhook as GitHub sends it.</summary>
internal static class WebhookRequest
{
    /// <summary>How long its body is, in bytes.</summary>
    public const int BodySize = 2048;

    private static readonly string Body = "{\"action\":\"opened\",\"padding\":\"" + new string('x', BodySize - 32) + "\"}";

    private static readonly string Signature =
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.ASCII.GetBytes(FloorServer.WebhookSecret), Encoding.ASCII.GetBytes(Body)));

    /// <summary>The request to a path. Its number is in the query, which is not signed.</summary>
    public static string To(string path, string query) => LoadServer.Http(
        $"POST {path}?{query}",
        "Content-Type: application/json\r\nX-GitHub-Event: issues\r\n"
            + $"X-Hub-Signature-256: sha256={Signature}\r\nContent-Length: {Body.Length}\r\n", Body);
}
