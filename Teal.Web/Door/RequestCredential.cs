using System.Text;
using Microsoft.AspNetCore.Http;
using Teal.Core.Identities;
using Teal.Web.Requests;

namespace Teal.Web.Door;

/// <summary>
/// Extracts a request's credential: HTTP Basic (RFC 7617) or Bearer (RFC 6750), a ticket, or Basic's text in the query. The first that is
/// present counts, whatever it holds. Two headers are none: what is in front of Teal might look at the other one.
/// </summary>
internal static class RequestCredential
{
    private const string Scheme = "Basic ", TicketParameter = "ticket", CredentialsParameter = "credentials";

    /// <summary>Whether there is one, perhaps one that cannot be read.</summary>
    public static bool IsIn(HttpRequest request, WaysIn ways) =>
        request.Headers.Authorization.Count > 0
        || (ways.HasFlag(WaysIn.Ticket) && request.Query.ContainsKey(TicketParameter))
        || (ways.HasFlag(WaysIn.Credentials) && request.Query.ContainsKey(CredentialsParameter));

    /// <summary>Null when there is none, or none that can be read.</summary>
    public static Credential? From(HttpRequest request, DoorOptions options, WaysIn ways)
    {
        if (request.Headers.Authorization is { Count: > 0 } headers)
            return headers is [{ } header] ? FromHeader(request, header) : null;
        if (ways.HasFlag(WaysIn.Ticket) && request.Query[TicketParameter] is [.., var ticket])
            return string.IsNullOrEmpty(ticket) ? null : new Credential.Ticket(ticket);
        if (!ways.HasFlag(WaysIn.Credentials) || request.Query[CredentialsParameter] is not [.., var credentials]) return null;

        return options.AllowQueryCredentials && Decode(credentials ?? "") is { } password ? password with { IsNoKey = true } : null;
    }

    // RFC 9110 section 11.4: one or more blanks. A token is as long as the headers may be: whoever knows it bounds it.
    private static Credential? FromHeader(HttpRequest request, string header) =>
        header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? Decode(header[Scheme.Length..].TrimStart(' '))
        : BearerToken.From(request, int.MaxValue) is { } token ? new Credential.Token(token) : null;

    private static Credential.Password? Decode(string base64)
    {
        var buffer = new byte[base64.Length];
        if (!Convert.TryFromBase64String(base64, buffer, out var length)) return null;

        var text = Encoding.UTF8.GetString(buffer, 0, length);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? null : new Credential.Password(text[..colon], text[(colon + 1)..]);
    }
}
