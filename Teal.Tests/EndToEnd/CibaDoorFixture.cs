using System.Text;
using Teal.Tests.Support;

namespace Teal.Tests.EndToEnd;

/// <summary>Clients say beforehand which CIBA notifications they wait for (specification 2.3, 8.5).</summary>
public abstract class CibaDoorFixture(string deployment) : OwnerFixture(deployment)
{
    private protected const string Token = "8d67dc78-7faa-4d41-aabd-67707b374255";

    private protected static object Request(string requestId = "r") => new { type = "openid_ciba_callback", request_id = requestId };

    private protected static object Created(string requestId = "r", string token = Token, DateTime? expiresAt = null) => new
    {
        type = "openid_ciba_callback",
        request_id = requestId,
        client_notification_token = token,
        expires_at = (expiresAt ?? RealClock.InAnHour).ToString("s"),
    };

    private protected static async Task CreateAsync(TestClient client, string requestId = "r", string token = Token) =>
        (await AskAsync(client, new { id = 1, create = Created(requestId, token) })).Should().Be("ack");

    private protected static async Task RegisterAsync(TestClient client, string requestId = "r") =>
        (await AskAsync(client, new { id = 1, register_to = Request(requestId) })).Should().Be("ack");

    private protected Task<RawResponse> NotifyAsync(string token = Token, string requestId = "r") => RawHttp.SendAsync(
        Server.Listener, "POST", "/openid-ciba-callback", [$"Authorization: Bearer {token}"],
        Encoding.UTF8.GetBytes($"{{\"auth_req_id\":\"{requestId}\"}}"));

    // All that a sender can tell apart: the request's own id and the time are not.
    private protected static string Describe(RawResponse answer) => string.Join(
        '\n', [$"{answer.Status} {answer.Body}", .. answer.Headers.Where(static header => header.Name is not ("X-Request-ID" or "Date"))
            .Select(static header => $"{header.Name}: {header.Value}")]);
}
