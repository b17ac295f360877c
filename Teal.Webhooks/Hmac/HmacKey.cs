using System.Buffers.Text;
using System.Text;

namespace Teal.Webhooks.Hmac;

/// <summary>The key that a secret is.</summary>
internal static class HmacKey
{
    // What Standard Webhooks has in front of its secrets.
    private const string StandardPrefix = "whsec_";

    /// <summary>The key's bytes; null: the secret is written in another way.</summary>
    public static byte[]? Read(string secret, SecretEncoding encoding)
    {
        if (encoding == SecretEncoding.Text) return Encoding.UTF8.GetBytes(secret);

        try
        {
            var text = secret.StartsWith(StandardPrefix, StringComparison.Ordinal) ? secret[StandardPrefix.Length..] : secret;
            var key = encoding == SecretEncoding.Hex ? Convert.FromHexString(secret) : ReadBase64(text);
            return key.Length > 0 ? key : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    // Also without padding and in the form for URLs, as people copy it.
    private static byte[] ReadBase64(string text) => Base64Url.DecodeFromChars(text.Replace('+', '-').Replace('/', '_'));
}
