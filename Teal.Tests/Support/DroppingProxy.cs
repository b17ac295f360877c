using System.Net;
using System.Net.Sockets;

namespace Teal.Tests.Support;

/// <summary>
/// A network between a client and a server that can fall silent: connections stay open, and nothing passes. What was sent meanwhile,
/// an end of the connection included, passes once it forwards again: nothing is lost.
/// </summary>
internal sealed class DroppingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ended = new();
    private readonly int _targetPort;
    private readonly Task _accepting;
    private volatile TaskCompletionSource _forwarding = NewSource();

    // Connections of earlier ones are silent for good.
    private volatile int _generation;

    private DroppingProxy(int targetPort)
    {
        _targetPort = targetPort;
        _forwarding.SetResult();
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Where the target is reached through the proxy.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Starts one before a loopback port; whether something listens there shows with each connection.</summary>
    public static DroppingProxy Start(int targetPort) => new(targetPort);

    /// <summary>Falls silent: what is sent from now on does not pass, and new connections are accepted and lead nowhere.</summary>
    public void Drop()
    {
        if (_forwarding.Task.IsCompleted) _forwarding = NewSource();
    }

    /// <summary>Falls silent for good for the connections that stand; new ones pass.</summary>
    public void Abandon() => Interlocked.Increment(ref _generation);

    /// <summary>Lets everything pass that was held back, and all that comes.</summary>
    public void Forward() => _forwarding.TrySetResult();

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _accepting.WithinLimit();
        _listener.Dispose();
        _ended.Dispose();
    }

    private async Task AcceptAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true) connections.Add(ServeAsync(await _listener.AcceptSocketAsync(_ended.Token)));
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ServeAsync(Socket client)
    {
        var generation = _generation;
        using var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        using (client)
        {
            try
            {
                await PassAsync(generation);
                await server.ConnectAsync(IPAddress.Loopback, _targetPort, _ended.Token);
                await Task.WhenAll(PumpAsync(client, server, generation), PumpAsync(server, client, generation));
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException or OperationCanceledException)
            {
                // One side is gone, or the proxy ends: both sides are closed.
            }
        }
    }

    private async Task PumpAsync(Socket from, Socket to, int generation)
    {
        try
        {
            await CopyAsync(from, to, generation);
        }
        catch (SocketException)
        {
            // The other direction may be waiting for bytes that cannot be answered any more.
            await PassAsync(generation);
            from.Dispose();
            to.Dispose();
        }
    }

    private async Task CopyAsync(Socket from, Socket to, int generation)
    {
        from.NoDelay = true;
        var buffer = new byte[16 * 1024];
        while (true)
        {
            var count = await from.ReceiveAsync(buffer, _ended.Token);
            await PassAsync(generation);
            if (count == 0)
            {
                to.Shutdown(SocketShutdown.Send);
                return;
            }

            for (var sent = 0; sent < count;) sent += await to.SendAsync(buffer.AsMemory(sent, count - sent), _ended.Token);
        }
    }

    /// <summary>Returns at once while the proxy forwards, else when it does so again.</summary>
    private async Task PassAsync(int generation)
    {
        if (generation != _generation) await Task.Delay(Timeout.Infinite, _ended.Token);
        while (!_forwarding.Task.IsCompleted) await _forwarding.Task.WaitAsync(_ended.Token);
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
