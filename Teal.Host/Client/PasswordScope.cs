namespace Teal.Host.Client;

/// <summary>
/// Where a password may go: to the host that it was given for and those that the user allows besides, and not in clear text where TLS was asked for. What tells
/// the websocket's address is not authenticated by the password, and whoever answers there, or redirects, could name any.
/// </summary>
/// <param name="dispatcher">The address that the password was given for.</param>
/// <param name="allowedHosts">Further hosts.</param>
internal sealed class PasswordScope(Uri dispatcher, IReadOnlyCollection<Uri> allowedHosts)
{
    /// <summary>Throws <see cref="ClientException"/> unless this metadata may say where the password goes.</summary>
    public void CheckMetadata(Uri answered)
    {
        if (!Holds(answered)) throw Outside($"{dispatcher} redirects to another host, {answered.Host}", answered);
    }

    /// <summary>Throws <see cref="ClientException"/> unless the password may go there.</summary>
    /// <param name="answered">Where the metadata came from, redirects followed.</param>
    /// <param name="webSocket">What it told.</param>
    public void CheckWebSocket(Uri answered, Uri webSocket)
    {
        if (!Holds(webSocket)) throw Outside($"the metadata of {dispatcher} names a websocket at another host, {webSocket.Host}", webSocket);

        if (webSocket.Scheme != Uri.UriSchemeWss && (dispatcher.Scheme == Uri.UriSchemeHttps || answered.Scheme == Uri.UriSchemeHttps))
        {
            throw new ClientException(
                $"the metadata of {dispatcher} names {webSocket}, and the password is not sent in clear text where https was asked for. "
                + "The server has to be told its public address: Teal:Dispatcher:PublicUrl, or Teal:TrustedProxies.");
        }
    }

    /// <summary>Whether others on the way could read what is sent there.</summary>
    public static bool IsReadable(Uri webSocket) => webSocket.Scheme != Uri.UriSchemeWss && !webSocket.IsLoopback;

    // Any port: who asks at one may be told another.
    private bool Holds(Uri url) => IsSameHost(url, dispatcher) || allowedHosts.Any(allowed => IsSameHost(url, allowed));

    private static bool IsSameHost(Uri one, Uri other) => one.IdnHost.Equals(other.IdnHost, StringComparison.OrdinalIgnoreCase);

    private ClientException Outside(string what, Uri url) =>
        new($"{what}. The password was given for {dispatcher.Host}, and is not sent there. If it belongs there too, add: --allow-host {url.Host}");
}
