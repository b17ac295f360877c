using Teal.Core.Addresses;
using Teal.Listener.Powens;

namespace Teal.Listener;

/// <summary>Settings of the listener, under <c>Teal:Listener</c> (specification 5).</summary>
public sealed class ListenerOptions
{
    /// <summary>The listener's address as the outside sees it; null: each request's own.</summary>
    public PublicUrl? PublicUrl { get; set; }

    /// <summary>Whether states that the store does not know may say themselves where they lead (specification 2.2). Default false.</summary>
    public bool PowensRedirectFallback { get; set; }

    /// <summary>The hosts that such states may lead to, as in <c>*.biapi.pro</c>; empty: any.</summary>
    public IReadOnlyList<HostPattern> PowensRedirectHosts { get; set; } = [];

    /// <summary>The HMAC secrets by full domain; such a domain's webhooks need a valid signature.</summary>
    public IReadOnlyDictionary<string, string> PowensSecrets { get; set; } = new Dictionary<string, string>();

    /// <summary>The largest request body, in bytes; over it: 413. Default 1 MiB.</summary>
    public long MaximumBodySize { get; set; } = 1024 * 1024;

    /// <summary>What an answer of 503 tells its sender to wait. Default 5 seconds.</summary>
    public TimeSpan RetryAfter { get; set; } = TimeSpan.FromSeconds(5);
}
