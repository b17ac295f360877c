namespace Teal.Client;

/// <summary>
/// Where a password may go: to the host that it was given for and those that the user allows besides, and not in clear text where TLS
/// was asked for. What tells the websocket's address is not authenticated by the password, and whoever answers there, or redirects, could
/// name any.
/// </summary>
/// <param name="dispatcher">The address that the password was given for.</param>
/// <param name="allowedHosts">Further hosts.</param>
internal sealed class PasswordScope(Uri dispatcher, IEnumerable<string> allowedHosts)
{
    private readonly string[] _hosts = [dispatcher.IdnHost, .. allowedHosts.Select(static host => new Uri($"https://{host}").IdnHost)];

    /// <summary>Throws <see cref="TealException"/> unless this metadata may say where the password goes.</summary>
    public void CheckMetadata(Uri answered)
    {
        if (!Holds(answered)) throw new TealException(TealFault.MetadataElsewhere) { Address = answered };
    }

    /// <summary>Throws <see cref="TealException"/> unless the password may go there.</summary>
    /// <param name="answered">Where the metadata came from, redirects followed.</param>
    /// <param name="webSocket">What it told.</param>
    public void CheckWebSocket(Uri answered, Uri webSocket)
    {
        if (!Holds(webSocket)) throw new TealException(TealFault.WebSocketElsewhere) { Address = webSocket };

        if (webSocket.Scheme != Uri.UriSchemeWss && (dispatcher.Scheme == Uri.UriSchemeHttps || answered.Scheme == Uri.UriSchemeHttps))
            throw new TealException(TealFault.ClearText) { Address = webSocket };
    }

    // Any port: who asks at one may be told another.
    private bool Holds(Uri url) => _hosts.Contains(url.IdnHost, StringComparer.OrdinalIgnoreCase);
}
