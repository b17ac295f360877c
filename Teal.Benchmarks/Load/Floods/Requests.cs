using System.Text;
using Teal.Benchmarks.Load.Servers;

namespace Teal.Benchmarks.Load.Floods;

/// <summary>What strangers send.</summary>
internal static class Requests
{
    private const string Bearer = "Authorization: Bearer a\r\n";

    /// <summary>A redirect.</summary>
    public static byte[] Callback(string query) => Encoding.ASCII.GetBytes(LoadServer.Http($"GET /callback?{query}"));

    /// <summary>An OpenID CIBA notification.</summary>
    public static byte[] Notification(string requestId)
    {
        var body = $$"""{"auth_req_id":"{{requestId}}"}""";
        return [.. NotificationHead(body.Length), .. Encoding.ASCII.GetBytes(body)];
    }

    /// <summary>The head of one, for a body of any kind.</summary>
    public static byte[] NotificationHead(int length) => Post("/openid-ciba-callback", $"Content-Length: {length}\r\n");

    /// <summary>The head of a Powens webhook.</summary>
    public static byte[] WebhookHead(string domain, int length) => Post($"/powens-webhook/{domain}/X", $"Content-Length: {length}\r\n");

    /// <summary>The head of a request with a bearer token that has the form of one.</summary>
    public static byte[] Post(string path, string headers) =>
        Encoding.ASCII.GetBytes(LoadServer.Http($"POST {path}", $"{Bearer}{headers}"));

    /// <summary>A handshake with a wrong password.</summary>
    public static byte[] Guess(string password) =>
        Encoding.ASCII.GetBytes(LoadServer.Upgrade("/websocket", TealServer.Authorize(password)));

    /// <summary>What nobody has said before.</summary>
    public static string Random() => $"{Guid.NewGuid():N}";
}
