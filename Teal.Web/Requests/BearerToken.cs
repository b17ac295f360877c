using System.Buffers;
using Microsoft.AspNetCore.Http;

namespace Teal.Web.Requests;

/// <summary>Reads <c>Authorization: Bearer</c> (RFC 6750 section 2.1).</summary>
public static class BearerToken
{
    /// <summary>How many characters a token may have, where nothing else is said.</summary>
    public const int MaximumLength = 1024;

    private const string Scheme = "Bearer";

    private static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._~+/=-");

    /// <summary>The token of the first such header; null: there is none, or it is malformed (specification 2.3).</summary>
    /// <param name="request">The request.</param>
    /// <param name="longest">How many characters it may have.</param>
    public static string? From(HttpRequest request, int longest = MaximumLength)
    {
        var headers = request.Headers.Authorization;
        if (headers.Count == 0 || headers[0] is not { } header || !header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return null;

        // RFC 9110 section 11.4: one or more blanks.
        var rest = header.AsSpan(Scheme.Length);
        var token = rest.TrimStart(' ');
        if (token.Length == rest.Length) return null;
        return IsToken(token, longest) ? token.ToString() : null;
    }

    /// <summary>Whether such a header can bring it.</summary>
    /// <param name="token">The text.</param>
    /// <param name="longest">How many characters it may have.</param>
    public static bool IsToken(ReadOnlySpan<char> token, int longest = MaximumLength) =>
        token.Length > 0 && token.Length <= longest && !token.ContainsAnyExcept(TokenCharacters);
}
