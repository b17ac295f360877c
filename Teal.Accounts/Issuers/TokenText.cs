using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;

namespace Teal.Accounts.Issuers;

/// <summary>A token as it came, signed JSON in three parts (RFC 7515 section 3.1). Nothing of what it says is proven.</summary>
/// <param name="Text">The whole token.</param>
/// <param name="Algorithm">How it says that it is signed.</param>
/// <param name="Type">What it says that it is; null: it does not say.</param>
/// <param name="KeyId">Which key it says that it is signed with; null: it does not say.</param>
/// <param name="Issuer">Who it says that it is from.</param>
/// <param name="Payload">All that it says.</param>
internal sealed record TokenText(string Text, string Algorithm, string? Type, string? KeyId, string Issuer, JsonElement Payload)
{
    private static readonly SearchValues<char> Characters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    // Of two members with one name, each reader would choose its own.
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 16 };

    // A key that the token brings, or has fetched, proves nothing; and what has to be understood is not.
    private static readonly string[] Refused = ["jku", "jwk", "x5u", "x5c", "crit", "b64", "zip", "enc"];

    /// <summary>Whether a text has the form of a token: three parts with dots in between.</summary>
    public static bool IsOne(string text) => text.AsSpan().Count('.') == 2;

    /// <summary>Reads a token. Null: it is none, or none that can be taken. Never throws.</summary>
    public static TokenText? Read(string text)
    {
        var parts = text.Split('.');
        if (parts.Length != 3 || Array.Exists(parts, static part => part.Length == 0 || part.AsSpan().ContainsAnyExcept(Characters)))
            return null;

        try
        {
            var (header, payload) = (ReadObject(parts[0]), ReadObject(parts[1]));
            if (Array.Exists(Refused, name => header.TryGetProperty(name, out _))) return null;

            return TextOf(header, "alg") is { } algorithm && TextOf(payload, "iss") is { } issuer
                ? new TokenText(text, algorithm, TextOf(header, "typ"), TextOf(header, "kid"), issuer, payload) : null;
        }
        catch (Exception exception) when (exception is FormatException or JsonException or InvalidOperationException)
        {
            // No base64, no JSON, no object, not Unicode, or a member of another type.
            return null;
        }
    }

    /// <summary>Nothing: a token has no place in a log.</summary>
    public override string ToString() => nameof(TokenText);

    private static JsonElement ReadObject(string part)
    {
        using var document = JsonDocument.Parse(Base64Url.DecodeFromChars(part), Strict);
        return document.RootElement.Clone();
    }

    private static string? TextOf(JsonElement element, string name) =>
        element.TryGetProperty(name, out var member) ? member.GetString() : null;
}
