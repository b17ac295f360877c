using System.Net.WebSockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Teal.Core.Wire;

namespace Teal.Host.Client;

/// <summary>
/// Keeps a connection to a dispatcher up, and hands on the events that come. After each break it connects again, with growing
/// waits, and goes on behind the last event that it got, so that none is missing and none comes twice. Of a dispatcher that does not know
/// <c>teal.v2</c>, such as the original's, it gets what comes while it is connected.
/// </summary>
/// <param name="dispatcher">The dispatcher's address.</param>
/// <param name="password">Its password.</param>
/// <param name="scope">Where the password may go.</param>
/// <param name="request">What is asked for.</param>
/// <param name="since">Where the events begin: <c>earliest</c>, a cursor, or an instant; null: from now on.</param>
/// <param name="notice">Hears of breaks, and of what the user should know.</param>
internal sealed class Subscription(Uri dispatcher, string password, PasswordScope scope, SubscriptionRequest request, string? since, Action<string> notice)
{
    // Far above what a dispatcher tells.
    private const int LongestMetadata = 1024 * 1024;

    // How long a dispatcher may take to answer a request, or a handshake.
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(10);

    // Faults that the dispatcher may be over with when it is asked again.
    private static readonly string[] PassingFaults = ["state_not_stored", "not_registered"];

    private readonly Backoff _backoff = new();
    private readonly EnvironmentProxy _proxy = EnvironmentProxy.Read();

    // The classic protocol acknowledges nothing. A server does one message after the other, though, so the answer to a state that
    // cannot be created says that what was sent before it is done.
    private readonly string _probe = Convert.ToHexStringLower(Guid.NewGuid().ToByteArray());

    private readonly bool _isReplay = since is not null;

    private bool _isClearTextTold;

    // Where to go on.
    private string? _cursor = since;

    /// <summary>Called when the server has confirmed the registration, the first time and after each break.</summary>
    public required Action<Installation> OnReady { get; init; }

    /// <summary>Called for each event; returns whether to go on.</summary>
    public required Func<JsonElement, bool> OnEvent { get; init; }

    /// <summary>Runs until <see cref="OnEvent"/> says that it is enough, or it is cancelled.</summary>
    /// <exception cref="ClientException">Trying again would not help.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            string reason;
            try
            {
                // Anew each time: a connection that was kept may lead into the network that has just fallen silent.
                using var http = new HttpClient(new SocketsHttpHandler { Proxy = _proxy }) { Timeout = AnswerLimit, MaxResponseContentBufferSize = LongestMetadata };
                var installation = await Installation.DiscoverAsync(http, dispatcher, scope, cancellationToken);
                WarnOfClearText(installation.WebSocketUrl);
                if (!await ReceiveAsync(installation, cancellationToken)) return;
                reason = "The dispatcher closed the connection";
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested
                && exception is HttpRequestException or WebSocketException or IOException or OperationCanceledException)
            {
                reason = exception switch
                {
                    HttpRequestException => $"{dispatcher} cannot be reached ({Describe(exception)})",
                    PassingFaultException or HandshakeException => exception.Message,
                    _ => "The connection broke",
                };
            }

            var wait = _backoff.Next();
            notice($"{reason}; trying again in {wait.TotalSeconds:0.0} s.");
            await Task.Delay(wait, TimeProvider.System, cancellationToken);
        }
    }

    // The innermost cause: the outer ones tell to look there.
    private static string Describe(Exception exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (cause is AuthenticationException)
                return cause.Message.TrimEnd('.') + (IsAboutAuthority(cause) ? "; for an authority of your own, SSL_CERT_FILE names the file with its certificate" : "");
        }

        return exception.GetBaseException().Message.TrimEnd('.');
    }

    // By the names that .NET has for it in the message.
    private static bool IsAboutAuthority(Exception exception) =>
        exception.Message.Contains(nameof(X509ChainStatusFlags.UntrustedRoot), StringComparison.Ordinal) || exception.Message.Contains(nameof(X509ChainStatusFlags.PartialChain), StringComparison.Ordinal);

    private void WarnOfClearText(Uri webSocketUrl)
    {
        if (_isClearTextTold || !PasswordScope.IsReadable(webSocketUrl)) return;

        notice($"The password and all events go to {webSocketUrl.Host} in clear text, and others on the way can read them. Use an https address where there is one.");
        _isClearTextTold = true;
    }

    private async Task<bool> ReceiveAsync(Installation installation, CancellationToken cancellationToken)
    {
        using var session = new DispatcherSession(_proxy);
        using (var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken))
        {
            limit.CancelAfter(AnswerLimit);
            await session.ConnectAsync(installation.WebSocketUrl, password, limit.Token);
        }

        if (session.IsExtended)
        {
            await session.SendAsync(request.EncodeExtended(_cursor), cancellationToken);
        }
        else
        {
            if (_isReplay) throw new ClientException("this dispatcher keeps no events (it does not know teal.v2), so --since cannot be done.");

            await session.SendAsync(request.Encode(), cancellationToken);
            await session.SendAsync(new SubscriptionRequest(new CallbackBinding(_probe, null, false, DateTime.UnixEpoch), "callback", "state", _probe).Encode(), cancellationToken);
        }

        while (await session.ReceiveAsync(cancellationToken) is { } message)
        {
            using var document = JsonDocument.Parse(message);
            if (!Handle(document.RootElement, installation)) return false;
        }

        return true;
    }

    // Whether to go on.
    private bool Handle(JsonElement message, Installation installation)
    {
        switch (message.GetProperty("type").GetString())
        {
            case "ack":
                _cursor = message.GetProperty("cursor").GetString();
                Ready(installation);
                return true;
            case "callback_creation_failure" when message.GetProperty("state").GetString() == _probe:
                Ready(installation);
                return true;
            case "callback_creation_failure":
                throw new ClientException($"the state could not be created: {message.GetProperty("detail").GetString()}");
            case "error" when PassingFaults.Contains(message.GetProperty("code").GetString()):
                throw new PassingFaultException(message.GetProperty("detail").GetString()!.TrimEnd('.'));
            case "error":
                throw new ClientException($"the dispatcher refused: {message.GetProperty("detail").GetString()}");
            case "gap":
                notice("Some events are missing here: the server does not keep them any more.");
                _cursor = message.GetProperty("cursor").GetString();
                return true;
            case "callback" or "openid_ciba_callback" or "powens_webhook":
                var isEnough = !OnEvent(message);
                if (message.TryGetProperty("cursor", out var cursor) && cursor.GetString() is { } known) _cursor = known;
                return !isEnough;
            default:
                // That the server is about to stop, for one; the end of the connection follows.
                return true;
        }
    }

    private void Ready(Installation installation)
    {
        _backoff.Reset();
        OnReady(installation);
    }

    private sealed class PassingFaultException(string message) : IOException(message);
}
