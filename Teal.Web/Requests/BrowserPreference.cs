using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Teal.Web.Requests;

/// <summary>Tells a person's browser from a program, by what the request would rather have (RFC 9110 section 12.5.1).</summary>
public static class BrowserPreference
{
    /// <summary>Whether <c>Accept</c> names <c>text/html</c>, and nothing that it likes better.</summary>
    public static bool PrefersHtml(HttpRequest request)
    {
        var accept = request.Headers.Accept;
        if (accept.Count == 0 || !accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase)) return false;
        if (!MediaTypeHeaderValue.TryParseList(accept, out var types)) return false;

        var html = types.Where(static type => type.MediaType.Equals("text/html", StringComparison.OrdinalIgnoreCase)).Select(Quality)
            .DefaultIfEmpty().Max();
        return html > 0 && types.All(type => Quality(type) <= html);
    }

    private static double Quality(MediaTypeHeaderValue type) => type.Quality ?? 1;
}
