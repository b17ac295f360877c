using System.Text.Json;

namespace Teal.Client;

/// <summary>The events of one request, over as many connections as it takes. One caller uses it at a time.</summary>
/// <param name="dispatcher">The dispatcher's address.</param>
/// <param name="options">How to connect.</param>
/// <param name="request">What is asked for.</param>
/// <param name="from">Where the events begin.</param>
/// <param name="tell">Hears what becomes of the connection.</param>
internal sealed class Subscription(
    Uri dispatcher, TealClientOptions options, SubscriptionRequest request, From from, Action<ConnectionChange> tell) : IAsyncDisposable
{
    // How long a dispatcher may take to answer a request, or a handshake.
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(10);

    private const string LostRight = "The account may not read these events any more.";

    private readonly Backoff _backoff = new();
    private readonly EnvironmentProxy _proxy = EnvironmentProxy.Read();
    private readonly PasswordScope _scope = new(dispatcher, options.AllowedHosts);

    // The classic protocol acknowledges nothing. A server does one message after the other, though, so the answer to a state that
    // cannot be created says that what was sent before it is done.
    private readonly string _probe = Convert.ToHexStringLower(Guid.NewGuid().ToByteArray());

    // Where to go on.
    private string? _cursor = from.After;

    private Installation? _installation;
    private DispatcherSession? _session;

    /// <summary>The next event; connects first where there is no connection.</summary>
    /// <exception cref="TealException">Trying again would not help.</exception>
    public async Task<TealEvent> NextAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            TealException reason;
            try
            {
                if (await ReceiveAsync(cancellationToken) is { } @event) return @event;
                reason = new TealException(TealFault.ConnectionClosed);
            }
            catch (TealException exception) when (exception.IsTransient)
            {
                reason = exception;
            }

            await DisposeAsync();
            cancellationToken.ThrowIfCancellationRequested();
            var wait = _backoff.Next();
            tell(new ConnectionChange.Broken(reason, wait));
            await Task.Delay(wait, options.TimeProvider, cancellationToken);
        }
    }

    /// <summary>Closes the connection, if there is one.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_session is not null) await _session.DisposeAsync();
        _session = null;
    }

    // Null: the dispatcher closed.
    private async Task<TealEvent?> ReceiveAsync(CancellationToken cancellationToken)
    {
        _session ??= await ConnectAsync(cancellationToken);
        while (await _session.ReceiveAsync(cancellationToken) is { } message)
        {
            if (Take(message) is { } @event) return @event;
        }

        return null;
    }

    private async Task<DispatcherSession> ConnectAsync(CancellationToken cancellationToken)
    {
        _installation = await Installation.DiscoverAsync(dispatcher, _proxy, _scope, AnswerLimit, cancellationToken);
        tell(new ConnectionChange.Connecting(_installation));
        var session = await DispatcherSession.ConnectAsync(
            _installation.WebSocketUrl, Authorization.Of(options), _proxy, AnswerLimit, cancellationToken);
        try
        {
            await RegisterAsync(session, cancellationToken);
            return session;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    private async Task RegisterAsync(DispatcherSession session, CancellationToken cancellationToken)
    {
        if (session.IsExtended)
        {
            await session.SendAsync(request.EncodeExtended(_cursor), cancellationToken);
            return;
        }

        if (from != From.Now) throw new TealException(TealFault.NoReplay);

        var probe = new SubscriptionRequest(new CallbackBinding(_probe, DateTimeOffset.UnixEpoch), Topic.Callback(_probe));
        await session.SendAsync(request.Encode(), cancellationToken);
        await session.SendAsync(probe.Encode(), cancellationToken);
    }

    // Null: it is not for those who wait for events.
    private TealEvent? Take(JsonElement message)
    {
        var type = message.TextOf("type") ?? throw new TealException(TealFault.InvalidMessage);
        switch (type)
        {
            case "ack":
                _cursor = message.TextOf("cursor") ?? _cursor;
                Confirm();
                return null;
            case "callback_creation_failure" when message.TextOf("state") == _probe:
                Confirm();
                return null;
            case "callback_creation_failure":
                throw new TealException(TealFault.StateNotCreated) { Detail = message.TextOf("detail") };
            case "error":
                throw new TealException(TealFault.Refused) { Code = message.TextOf("code"), Detail = message.TextOf("detail") };
            case "unregistered":
                throw new TealException(TealFault.Refused) { Code = message.TextOf("code"), Detail = LostRight };
            case "draining":
                // The end of the connection follows.
                return null;
            default:
                var @event = type == Gap.TypeName ? new Gap(message) : new TealEvent(type, message);
                _cursor = @event.Cursor ?? _cursor;
                return @event;
        }
    }

    private void Confirm()
    {
        _backoff.Reset();
        tell(new ConnectionChange.Connected(_installation!));
    }
}
