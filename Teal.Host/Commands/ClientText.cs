using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Teal.Client;

namespace Teal.Host.Commands;

/// <summary>What becomes of a connection to a dispatcher in words, for a terminal.</summary>
internal static class ClientText
{
    private const string AdviceOnAuthorities = "; for an authority of your own, SSL_CERT_FILE names the file with its certificate";

    /// <summary>That others can read what goes to the websocket.</summary>
    public static string WarnOfClearText(Installation installation) =>
        $"The password and all events go to {installation.WebSocketUrl.Host} in clear text, and others on the way can read them. "
        + "Use an https address where there is one.";

    /// <summary>Why a connection broke, or what was asked for cannot be had.</summary>
    /// <param name="exception">What the client found.</param>
    /// <param name="dispatcher">The address that was given.</param>
    public static string Describe(TealException exception, Uri dispatcher) => exception.Fault switch
    {
        TealFault.Unreachable => $"{dispatcher} cannot be reached ({DescribeCause(exception.InnerException!)})",
        TealFault.HandshakeRefused => $"{exception.Address} answers {(int)exception.Status!} to a websocket handshake",
        TealFault.ConnectionBroken => "The connection broke",
        TealFault.ConnectionClosed => "The dispatcher closed the connection",
        TealFault.Unauthorized =>
            "the dispatcher refused the password. Give the right one with --password, or in TEAL_PASSWORD, and its account with --user.",
        TealFault.CredentialsOver =>
            "the dispatcher ended the connection: the account, its password or its key was changed, or is over.",
        TealFault.NoDispatcher =>
            $"{dispatcher} answers {(int)exception.Status!} for {Installation.MetadataPath}: it is no dispatcher. "
            + "The dispatcher's address is meant (http://localhost:8081 by default), not the listener's.",
        TealFault.InvalidMetadata => $"{dispatcher} is not a Teal dispatcher: its metadata cannot be read.",
        TealFault.MetadataElsewhere => Outside($"{dispatcher} redirects to another host", exception.Address!, dispatcher),
        TealFault.WebSocketElsewhere =>
            Outside($"the metadata of {dispatcher} names a websocket at another host", exception.Address!, dispatcher),
        TealFault.ClearText =>
            $"the metadata of {dispatcher} names {exception.Address}, and the password is not sent in clear text "
            + "where https was asked for. The server has to be told its public address: Teal:Dispatcher:PublicUrl, or Teal:TrustedProxies.",
        TealFault.NoReplay => "this dispatcher keeps no events (it does not know teal.v2), so --since cannot be done.",
        TealFault.StateNotCreated => $"the state could not be created: {exception.Detail}",
        TealFault.Refused when exception.IsTransient => exception.Detail?.TrimEnd('.') ?? "The dispatcher refused",
        TealFault.Refused => $"the dispatcher refused: {exception.Detail}",
        TealFault.MessageTooLong => $"the dispatcher sent a message of over {TealClient.LongestMessage} bytes.",
        _ => "the dispatcher sent a message that cannot be read.",
    };

    // The innermost cause: the outer ones tell to look there.
    private static string DescribeCause(Exception exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (cause is AuthenticationException)
                return cause.Message.TrimEnd('.') + (IsAboutAuthority(cause) ? AdviceOnAuthorities : "");
        }

        return exception.GetBaseException().Message.TrimEnd('.');
    }

    // By the names that .NET has for it in the message.
    private static bool IsAboutAuthority(Exception exception) =>
        exception.Message.Contains(nameof(X509ChainStatusFlags.UntrustedRoot), StringComparison.Ordinal)
        || exception.Message.Contains(nameof(X509ChainStatusFlags.PartialChain), StringComparison.Ordinal);

    private static string Outside(string what, Uri address, Uri dispatcher) =>
        $"{what}, {address.Host}. The password was given for {dispatcher.Host}, and is not sent there. "
        + $"If it belongs there too, add: --allow-host {address.Host}";
}
