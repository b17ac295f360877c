namespace Teal.Webhooks.Hmac;

/// <summary>Where a part of what is signed comes from.</summary>
internal enum SignedSource
{
    /// <summary>It is always the same.</summary>
    Text,

    /// <summary>The body's bytes.</summary>
    Body,

    /// <summary>A header, which has to be there once.</summary>
    Header,

    /// <summary>The time of the signature, as it is written.</summary>
    Time,

    /// <summary>The method.</summary>
    Method,

    /// <summary>The path, without the query.</summary>
    Path,

    /// <summary>The whole address.</summary>
    Url,
}
