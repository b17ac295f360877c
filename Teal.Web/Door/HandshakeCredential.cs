using System.Text;
using Microsoft.AspNetCore.Http;
using Teal.Core.Identities;

namespace Teal.Web.Door;

/// <summary>
/// Extracts the credential of whoever wants a channel: HTTP Basic (RFC 7617), or <c>?credentials=</c> for pages, whose websockets and event
/// streams have no headers of their own.
/// </summary>
internal static class HandshakeCredential
{
    private const string Scheme = "Basic ", Parameter = "credentials";

    /// <summary>Whether there is one, perhaps one that cannot be read.</summary>
    public static bool IsIn(HttpRequest request) => request.Headers.Authorization.Count > 0 || request.Query.ContainsKey(Parameter);

    /// <summary>
    /// Null when there is none, or none that can be read. A header that is present wins over the query, whatever it holds.
    /// </summary>
    public static Credential? From(HttpRequest request)
    {
        var authorization = request.Headers.Authorization;
        if (authorization.Count > 0)
        {
            var header = authorization[0] ?? "";

            // RFC 9110 section 11.4: one or more blanks.
            return header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? Decode(header[Scheme.Length..].TrimStart(' ')) : null;
        }

        var values = request.Query[Parameter];
        return values.Count > 0 ? Decode(values[^1] ?? "") : null;
    }

    private static Credential? Decode(string base64)
    {
        var buffer = new byte[base64.Length];
        if (!Convert.TryFromBase64String(base64, buffer, out var length)) return null;

        var text = Encoding.UTF8.GetString(buffer, 0, length);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? null : new Credential(text[..colon], text[(colon + 1)..]);
    }
}
