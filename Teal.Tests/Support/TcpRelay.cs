using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Teal.Tests.Support;

/// <summary>
/// Passes connections on, and can leave those that are open in silence, as a firewall does that has forgotten them, or break them.
/// </summary>
internal sealed class TcpRelay : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly int _target;
    private readonly Task _accepting;
    private readonly ConcurrentDictionary<Socket, bool> _open = [];
    private CancellationTokenSource _silence = new();

    public TcpRelay(int target)
    {
        _target = target;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>From now on nothing passes on the connections that there are, and they stay open.</summary>
    public void Silence() => Interlocked.Exchange(ref _silence, new CancellationTokenSource()).Cancel();

    /// <summary>Ends the connections that there are, with a reset or in order.</summary>
    public void Break(bool isReset)
    {
        foreach (var near in _open.Keys)
        {
            if (isReset) near.LingerState = new LingerOption(true, 0);
            near.Dispose();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        await _accepting;
    }

    private async Task AcceptAsync()
    {
        var pairs = new List<Task>();
        try
        {
            while (true) pairs.Add(RelayAsync(await _listener.AcceptSocketAsync(_end.Token), _silence.Token));
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(pairs);
        }
    }

    private async Task RelayAsync(Socket near, CancellationToken silence)
    {
        using var far = new Socket(SocketType.Stream, ProtocolType.Tcp);
        using (near)
        {
            await far.ConnectAsync(IPAddress.Loopback, _target);
            _open[near] = true;
            await Task.WhenAny(PumpAsync(near, far, silence), PumpAsync(far, near, silence));
            _open.TryRemove(near, out _);
        }
    }

    private async Task PumpAsync(Socket from, Socket to, CancellationToken silence)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(silence, _end.Token);
        var buffer = new byte[4096];
        try
        {
            while (await from.ReceiveAsync(buffer, either.Token) is > 0 and var count)
                await to.SendAsync(buffer.AsMemory(0, count), either.Token);
        }
        catch (OperationCanceledException) when (!_end.IsCancellationRequested)
        {
            await Task.Delay(Timeout.Infinite, _end.Token).ContinueWith(static _ => { }, TaskScheduler.Default);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // One end is gone, so the other one goes.
        }
    }
}
