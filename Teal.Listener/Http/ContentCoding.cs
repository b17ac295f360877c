namespace Teal.Listener.Http;

/// <summary>How a request's body was compressed (RFC 9110 section 8.4).</summary>
internal enum ContentCoding
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary><c>gzip</c> (RFC 1952).</summary>
    Gzip,

    /// <summary><c>deflate</c>: the zlib format (RFC 1950); many send the bare one (RFC 1951), which is taken as well.</summary>
    Deflate,

    /// <summary><c>br</c> (RFC 7932).</summary>
    Brotli,

    /// <summary>In a way that the listener does not know, or in several.</summary>
    Unknown,
}
