using System.Net;
using Teal.Core.Addresses;
using Teal.Web.Pages;

namespace Teal.Listener;

/// <summary>Settings of the listener, under <c>Teal:Listener</c> (specification 5).</summary>
public sealed class ListenerOptions
{
    /// <summary>The listener's address as the outside sees it; null: each request's own.</summary>
    public PublicUrl? PublicUrl { get; set; }

    /// <summary>How pages look.</summary>
    public PageOptions Pages { get; } = new();

    /// <summary>
    /// Whether states that the store does not know may say themselves where they lead (specification 2.2). Default false.
    /// </summary>
    public bool PowensRedirectFallback { get; set; }

    /// <summary>The hosts that such states may lead to, as in <c>*.biapi.pro</c>; empty: any.</summary>
    public IReadOnlyList<HostPattern> PowensRedirectHosts { get; set; } = [];

    /// <summary>The HMAC secrets by full domain; such a domain's webhooks need a valid signature.</summary>
    public IReadOnlyDictionary<string, string> PowensSecrets { get; set; } = new Dictionary<string, string>();

    /// <summary>The largest request body, in bytes; over it: 413. Default 1 MiB.</summary>
    public long MaximumBodySize { get; set; } = 1024 * 1024;

    /// <summary>
    /// The largest body of a CIBA notification, in bytes; over it: 413. Default 64 KiB: the largest, a push, has three tokens.
    /// </summary>
    public long MaximumCibaBodySize { get; set; } = 64 * 1024;

    /// <summary>
    /// Whether CIBA notifications are taken only where a client said beforehand that it waits for them (specification 2.3). Default false.
    /// </summary>
    public bool TakesOnlyCreatedCibaRequests { get; set; }

    /// <summary>
    /// The largest form that a provider has the browser post as a callback, in bytes; over it: 413. Default 64 KiB, as long as
    /// a request line may be.
    /// </summary>
    public long MaximumFormSize { get; set; } = 64 * 1024;

    /// <summary>
    /// How many bytes all request bodies under way may take together, from their first byte until their requests are answered; those of
    /// whoever takes most get a 503. Default 64 MiB; at least twice <see cref="MaximumBodySize"/>.
    /// </summary>
    public long BodyBudget { get; set; } = 64 * 1024 * 1024;

    /// <summary>How long a request's body may take as a whole; over it: 408. Default 30 seconds.</summary>
    public TimeSpan BodyTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether an address stands for many clients that cannot be told apart: a proxy's, and this machine's own.</summary>
    public Func<IPAddress, bool> StandsForMany { get; set; } = IPAddress.IsLoopback;

    /// <summary>What an answer of 503 tells its sender to wait. Default 5 seconds.</summary>
    public TimeSpan RetryAfter { get; set; } = TimeSpan.FromSeconds(5);
}
