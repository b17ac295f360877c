namespace Teal.Webhooks.Hmac;

/// <summary>How the time of a signature is written.</summary>
public enum TimeForm
{
    /// <summary>Seconds since 1970.</summary>
    Seconds,

    /// <summary>Milliseconds since 1970.</summary>
    Milliseconds,

    /// <summary>RFC 3339, such as <c>2023-07-19T14:56:51.616329898Z</c>.</summary>
    Iso,
}
