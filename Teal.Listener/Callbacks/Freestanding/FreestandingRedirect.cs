using System.Buffers;
using System.Text;
using Teal.Listener.Http;

namespace Teal.Listener.Callbacks.Freestanding;

/// <summary>Where a callback with a freestanding state goes (specification 2.2).</summary>
internal static class FreestandingRedirect
{
    private const string HexDigits = "0123456789ABCDEF";

    private static readonly SearchValues<char> Unreserved =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-~");

    /// <summary>
    /// The state's URL, ASCII. Its query is the callback's, less <c>state</c>, then the URL's own, which wins where both have a
    /// parameter, then <c>auth_type</c>; each parameter once, where it first appeared.
    /// </summary>
    public static string Build(FreestandingState state, ReadOnlySpan<char> callbackQuery, bool hasReferer)
    {
        var url = state.RedirectUrl.ToAscii();
        var hash = url.IndexOf('#', StringComparison.Ordinal);
        var fragment = hash < 0 ? "" : url[hash..];
        var address = hash < 0 ? url : url[..hash];
        var question = address.IndexOf('?', StringComparison.Ordinal);

        var parameters = new OrderedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in QueryParameters.All(callbackQuery))
        {
            if (name != "state") parameters[name] = value;
        }

        if (question >= 0)
        {
            foreach (var (name, value) in QueryParameters.All(address.AsSpan(question + 1))) parameters[name] = value;
        }

        if (state.State is not null) parameters["state"] = state.State;
        parameters["auth_type"] = hasReferer ? "web" : "app";

        var query = string.Join('&', parameters.Select(static parameter => $"{Encode(parameter.Key)}={Encode(parameter.Value)}"));
        return $"{(question < 0 ? address : address[..question])}?{query}{fragment}";
    }

    // application/x-www-form-urlencoded, as the original writes it.
    private static string Encode(string text)
    {
        if (!text.AsSpan().ContainsAnyExcept(Unreserved)) return text;

        var encoded = new StringBuilder(text.Length + 16);
        foreach (var octet in Encoding.UTF8.GetBytes(text))
        {
            if (octet == ' ') encoded.Append('+');
            else if (Unreserved.Contains((char)octet)) encoded.Append((char)octet);
            else encoded.Append('%').Append(HexDigits[octet >> 4]).Append(HexDigits[octet & 15]);
        }

        return encoded.ToString();
    }
}
