using System.Net.WebSockets;
using System.Text.Json;

namespace Teal.Host.Client;

/// <summary>
/// Keeps a connection to a dispatcher up, and hands on the events that come. After each break it connects again, with growing
/// waits, and asks for the same things again.
/// </summary>
internal sealed class Subscription(Uri dispatcher, string password, byte[] request, TextWriter notices)
{
    private readonly Backoff _backoff = new();

    // The classic protocol acknowledges nothing. A server does one message after the other, though, so the answer to a state that
    // cannot be created says that what was sent before it is done.
    private readonly string _probe = Convert.ToHexStringLower(Guid.NewGuid().ToByteArray());

    /// <summary>Called when the server has confirmed the registration, the first time and after each break.</summary>
    public required Action<Installation> OnReady { get; init; }

    /// <summary>Called for each event; returns whether to go on.</summary>
    public required Func<JsonElement, bool> OnEvent { get; init; }

    /// <summary>Runs until <see cref="OnEvent"/> says that it is enough, or it is cancelled.</summary>
    /// <exception cref="ClientException">Trying again would not help.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(30) };
        while (true)
        {
            string reason;
            try
            {
                var installation = await Installation.DiscoverAsync(http, dispatcher, cancellationToken);
                if (!await ReceiveAsync(installation, cancellationToken)) return;
                reason = "The dispatcher closed the connection";
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested
                && exception is HttpRequestException or WebSocketException or IOException or OperationCanceledException)
            {
                reason = exception is HttpRequestException ? $"{dispatcher} cannot be reached ({exception.Message})" : "The connection broke";
            }

            var wait = _backoff.Next();
            notices.WriteLine($"{reason}; trying again in {wait.TotalSeconds:0.0} s.");
            await Task.Delay(wait, TimeProvider.System, cancellationToken);
        }
    }

    private async Task<bool> ReceiveAsync(Installation installation, CancellationToken cancellationToken)
    {
        using var session = new DispatcherSession();
        await session.ConnectAsync(installation.WebSocketUrl, password, cancellationToken);
        await session.SendAsync(request, cancellationToken);
        await session.SendAsync(ClientMessages.Create(new CallbackBinding(_probe, null, false, DateTime.UnixEpoch), register: false), cancellationToken);
        while (await session.ReceiveAsync(cancellationToken) is { } message)
        {
            using var document = JsonDocument.Parse(message);
            var root = document.RootElement;
            if (root.GetProperty("type").GetString() != "callback_creation_failure")
            {
                if (!OnEvent(root)) return false;
                continue;
            }

            if (root.GetProperty("state").GetString() != _probe)
                throw new ClientException($"the state could not be created: {root.GetProperty("detail").GetString()}");

            _backoff.Reset();
            OnReady(installation);
        }

        return true;
    }
}
