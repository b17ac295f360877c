using System.Text;
using Teal.Webhooks.Catalogue;
using Teal.Webhooks.Requests;
using Teal.Webhooks.Schemes;

namespace Teal.Tests.Webhooks;

/// <summary>A request that is rightly signed.</summary>
public sealed record SchemeVector(
    string Scheme, string Secret, long Second, string Body, string[] Headers, string Url = "https://events.example.org/hook/abc")
{
    public DateTimeOffset Now => DateTimeOffset.FromUnixTimeSeconds(Second);

    public WebhookRequest Request => RequestWith();

    public static WebhookVerifier Create(string scheme, params string[] secrets)
    {
        WebhookSchemes.Find(scheme)!.TryCreate(new SchemeWish(secrets) { VerifyToken = "verify" }, out var verifier, out var fault)
            .Should().BeTrue(fault);
        return verifier!;
    }

    public Verdict Verify(WebhookRequest request) => Create(Scheme, Secret).Verify(request, Now);

    public WebhookRequest RequestWith(byte[]? body = null, IEnumerable<string>? headers = null) => new()
    {
        Method = "POST",
        Url = Url,
        Headers = [.. (headers ?? Headers).Select(static line => line.Split(": ", 2)).Select(
            static parts => KeyValuePair.Create(parts[0], parts[1]))],
        Body = body ?? Encoding.UTF8.GetBytes(Body),
    };

    public override string ToString() => Scheme;
}
