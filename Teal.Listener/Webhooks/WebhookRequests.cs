using Microsoft.AspNetCore.Http;
using Teal.Core.Addresses;
using Teal.Listener.Http;
using Teal.Web.Requests;
using Teal.Webhooks.Requests;

namespace Teal.Listener.Webhooks;

/// <summary>What came, as schemes check it.</summary>
internal static class WebhookRequests
{
    /// <summary>The request.</summary>
    /// <param name="context">The request as the web server has it.</param>
    /// <param name="target">Path and query as they stood in the request line, without the prefix of the public address.</param>
    /// <param name="body">Its body.</param>
    /// <param name="publicUrl">The listener's address as the outside sees it; null: none is configured.</param>
    public static WebhookRequest From(HttpContext context, RequestTarget target, ReadOnlyMemory<byte> body, PublicUrl? publicUrl) => new()
    {
        Method = context.Request.Method,
        Url = RequestAddress.BaseUrl(context, publicUrl) + target.Text,
        Headers = RawHeadersOf(context) ?? HeadersOf(context.Request),
        Body = body,
    };

    private static List<KeyValuePair<string, string>>? RawHeadersOf(HttpContext context) =>
        context.Features.Get<RawHead>()?.Read(context.Request.Method);

    // Of HTTP/2, as the web server has them.
    private static List<KeyValuePair<string, string>> HeadersOf(HttpRequest request)
    {
        var headers = new List<KeyValuePair<string, string>>(request.Headers.Count);
        foreach (var (name, values) in request.Headers)
        {
            foreach (var value in values) headers.Add(new KeyValuePair<string, string>(name, value ?? ""));
        }

        return headers;
    }
}
