using System.Buffers.Text;
using System.Text.Json;
using Teal.Listener.Http;
using Teal.Listener.Json;

namespace Teal.Listener.Callbacks;

/// <summary>
/// Finds the state, and whether the login failed, among the parameters of a callback, as providers send them (specification 2.1).
/// </summary>
internal static class StateParameter
{
    /// <summary>
    /// The decoded state; null: there is none. The last <c>state</c> counts, else that of a <c>response</c> that is a JWT
    /// (JARM). Where neither is found, a <c>?</c> counts as <c>&amp;</c>: it stood where somebody appended parameters to a URL
    /// that had some. Takes any text, and never throws.
    /// </summary>
    public static string? Find(ReadOnlySpan<char> parameters) => Find(parameters, "state");

    /// <summary>Whether they tell an error (RFC 6749 section 4.1.2.1), found in the same way.</summary>
    public static bool TellsError(ReadOnlySpan<char> parameters) => Find(parameters, "error") is { Length: > 0 };

    private static string? Find(ReadOnlySpan<char> parameters, string name)
    {
        if (FindIn(parameters, name) is { } found) return found;
        return parameters.Contains('?') ? FindIn(parameters.ToString().Replace('?', '&'), name) : null;
    }

    private static string? FindIn(ReadOnlySpan<char> parameters, string name) =>
        QueryParameters.FindLast(parameters, name)
            ?? (QueryParameters.FindLast(parameters, "response") is { } response ? ReadJwt(response, name) : null);

    // Whether it is signed rightly is for the client to say, which knows the provider's keys (JARM section 2.4).
    private static string? ReadJwt(string jwt, string name)
    {
        var parts = jwt.Split('.');
        if (parts.Length != 3) return null;

        var payload = new byte[Base64Url.GetMaxDecodedLength(parts[1].Length)];
        try
        {
            return Base64Url.TryDecodeFromChars(parts[1], payload, out var length)
                ? JsonMembers.Read(payload.AsMemory(0, length), allowsDuplicates: false)?.Text(name) : null;
        }
        catch (Exception exception) when (exception is FormatException or JsonException or InvalidOperationException)
        {
            // Not base64url, not JSON, or a string with a lone surrogate.
            return null;
        }
    }
}
