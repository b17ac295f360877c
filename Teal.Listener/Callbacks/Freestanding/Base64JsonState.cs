using System.Text;
using System.Text.Json;
using Teal.Core.Addresses;
using Teal.Core.Wire;
using Teal.Listener.Json;

namespace Teal.Listener.Callbacks.Freestanding;

/// <summary>Freestanding states that are base64 of a JSON object (specification 2.2).</summary>
public static class Base64JsonState
{
    /// <summary>Reads one, its padding possibly trimmed. Null when it is none. Never throws.</summary>
    public static FreestandingState? Decode(string text)
    {
        // The decoder would pass over white space, which stands for nothing here.
        if (text.AsSpan().ContainsAny(" \t\r\n")) return null;

        var padded = (text.Length % 4) switch { 2 => text + "==", 3 => text + "=", _ => text };
        var json = new byte[padded.Length];
        return Convert.TryFromBase64String(padded, json, out var length) ? Read(json.AsMemory(0, length)) : null;
    }

    /// <summary>Writes one, with its padding.</summary>
    public static string Encode(HttpUrl redirectUrl, string? state)
    {
        var json = new CompactJsonWriter(256);
        try
        {
            json.Raw("{\"redirect_uri\":"u8);
            json.Text(redirectUrl.Text);
            if (state is not null)
            {
                json.Raw(",\"state\":"u8);
                json.Text(state);
            }

            json.Raw("}"u8);
            return Convert.ToBase64String(json.ToArray());
        }
        finally
        {
            json.Dispose();
        }
    }

    private static FreestandingState? Read(ReadOnlyMemory<byte> json)
    {
        try
        {
            if (JsonMembers.Read(json, allowsDuplicates: true) is not { } members || members.Text("redirect_uri") is not { } uri)
                return null;

            // Null counts as absent.
            var state = members.Text("state");
            if (state is null && members.Has("state")) return null;

            return HttpUrl.TryParse(uri, out var url, out _) ? new FreestandingState(url!, state, WithFragment: false) : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Not JSON, or a string with a lone surrogate.
            return null;
        }
    }
}
