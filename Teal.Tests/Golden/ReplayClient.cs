using System.Net.WebSockets;
using Teal.Tests.Support;

namespace Teal.Tests.Golden;

/// <summary>A client of a case, which keeps what it receives.</summary>
internal sealed class ReplayClient(TestClient client) : IAsyncDisposable
{
    private const string Probe = "golden-settle";

    private readonly List<string> _frames = [];

    /// <summary>What it received, but for the answers to its own probes.</summary>
    public IReadOnlyList<string> Frames => _frames;

    /// <summary>How the server closed; null: it did not.</summary>
    public int? ClosedWith { get; private set; }

    /// <summary>Whether it took part to the end.</summary>
    public bool IsOpen => ClosedWith is null && client.Socket.State == WebSocketState.Open;

    /// <summary>Sends a message, and waits until the server has done it, or closed.</summary>
    public async Task SendAsync(string text)
    {
        await client.SendAsync(text);
        if (client.Socket.State == WebSocketState.Open) await client.SendProbeAsync(Probe);
        await ReceiveUntilAsync($"{{\"type\":\"callback_creation_failure\",\"state\":\"{Probe}\",");
    }

    /// <summary>Keeps what comes, until something that begins in a certain way, or the end of the connection.</summary>
    public async Task ReceiveUntilAsync(string beginning)
    {
        while (await client.ReceiveAsync() is { } frame)
        {
            if (frame.StartsWith(beginning, StringComparison.Ordinal)) return;
            _frames.Add(frame);
        }

        ClosedWith = (int)client.CloseStatus!.Value;
    }

    /// <summary>Says goodbye, and waits until the server has answered.</summary>
    public async Task CloseAsync()
    {
        await client.Socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None).WithinLimit();
        (await client.ReceiveAsync()).Should().BeNull();
    }

    public ValueTask DisposeAsync() => client.DisposeAsync();
}
