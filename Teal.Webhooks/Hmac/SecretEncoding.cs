namespace Teal.Webhooks.Hmac;

/// <summary>What of a secret is the key.</summary>
public enum SecretEncoding
{
    /// <summary>The text as it is, in UTF-8.</summary>
    Text,

    /// <summary>The bytes that base64 says, behind <c>whsec_</c> where that stands in front.</summary>
    Base64,

    /// <summary>The bytes that hexadecimal digits say.</summary>
    Hex,
}
