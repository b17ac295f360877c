using Teal.Core.Addresses;

namespace Teal.Listener;

/// <summary>Settings of the listener, under <c>Teal:Listener</c> (specification 5).</summary>
public sealed class ListenerOptions
{
    /// <summary>The listener's address as the outside sees it; null: each request's own.</summary>
    public PublicUrl? PublicUrl { get; set; }

    /// <summary>The largest request body, in bytes; over it: 413. Default 1 MiB.</summary>
    public long MaximumBodySize { get; set; } = 1024 * 1024;

    /// <summary>What an answer of 503 tells its sender to wait. Default 5 seconds.</summary>
    public TimeSpan RetryAfter { get; set; } = TimeSpan.FromSeconds(5);
}
