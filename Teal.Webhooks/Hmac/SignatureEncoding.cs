namespace Teal.Webhooks.Hmac;

/// <summary>How bytes are written as text. There is one right text for given bytes; another one of the same bytes is wrong.</summary>
public enum SignatureEncoding
{
    /// <summary>Hexadecimal digits in lower case.</summary>
    Hex,

    /// <summary>Base64 with its padding (RFC 4648 section 4).</summary>
    Base64,
}
