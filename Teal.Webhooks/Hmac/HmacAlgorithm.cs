namespace Teal.Webhooks.Hmac;

/// <summary>The hash of an HMAC.</summary>
public enum HmacAlgorithm
{
    /// <summary>SHA-256, as nearly all have it.</summary>
    Sha256,

    /// <summary>SHA-1, as a few old ones have it.</summary>
    Sha1,

    /// <summary>SHA-512.</summary>
    Sha512,
}
