using System.Buffers;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Http;
using Teal.Listener.Http;

namespace Teal.Listener.Callbacks;

/// <summary>The parameters of a callback that a provider has the browser post (OAuth 2.0 Form Post Response Mode).</summary>
internal static class CallbackForm
{
    /// <summary>The media type of a form.</summary>
    public const string MediaType = "application/x-www-form-urlencoded";

    // All visible ASCII characters but '#', behind which a URL has no query any more.
    private static readonly SearchValues<byte> OfQueries = SearchValues.Create(
        [.. Enumerable.Range(0x21, 0x7e - 0x21 + 1).Where(static value => value != '#').Select(static value => (byte)value)]);

    /// <summary>Whether the request says that its body is a form.</summary>
    public static bool IsIn(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            && string.Equals(type.MediaType, MediaType, StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// The target with the form's parameters behind its own: the bytes as they came, those that no query can have percent-encoded.
    /// </summary>
    public static RequestTarget AppendTo(RequestTarget target, ReadOnlySpan<byte> form) =>
        form.IsEmpty ? target : target.WithParameters(ToQuery(form));

    private static string ToQuery(ReadOnlySpan<byte> form)
    {
        if (!form.ContainsAnyExcept(OfQueries)) return Encoding.ASCII.GetString(form);

        var query = new StringBuilder(form.Length + 64);
        foreach (var octet in form)
        {
            if (OfQueries.Contains(octet)) query.Append((char)octet);
            else query.Append('%').Append(octet.ToString("X2", null));
        }

        return query.ToString();
    }
}
