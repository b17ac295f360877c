using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Teal.Benchmarks.Fuzz;

/// <summary>A connection that sends bytes as they are, and gathers what comes back.</summary>
internal sealed class RawConnection : IDisposable
{
    private const int LargestAnswer = 16 * 1024 * 1024;
    private static readonly TimeSpan SendLimit = TimeSpan.FromSeconds(5);

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly MemoryStream _received = new();
    private readonly byte[] _buffer = new byte[16 * 1024];

    private RawConnection()
    {
    }

    /// <summary>What has come.</summary>
    public byte[] Received => _received.ToArray();

    /// <summary>Whether the server has sent all that it will.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Whether it broke the connection, so that something it sent may be missing.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Connects; null where the server does not take it.</summary>
    public static async Task<RawConnection?> OpenAsync(int port, IPAddress from, CancellationToken cancellationToken)
    {
        var connection = new RawConnection();
        try
        {
            connection._socket.Bind(new IPEndPoint(from, 0));
            await connection._socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), cancellationToken);
            return connection;
        }
        catch (SocketException)
        {
            connection.Dispose();
            return null;
        }
    }

    /// <summary>Sends all of it, unless the server reads no more.</summary>
    public async Task SendAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(SendLimit);
        try
        {
            while (!data.IsEmpty) data = data[await _socket.SendAsync(data, limit.Token)..];
        }
        catch (SocketException)
        {
            // What it sent before can still be read.
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // It does not read, as it may.
        }
    }

    /// <summary>Says that it sends no more.</summary>
    public void EndSending()
    {
        try
        {
            _socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // It has ended already.
        }
    }

    /// <summary>Reads until something holds, until the server has ended it, until nothing has come for a time, or until a limit.</summary>
    public async Task ReadAsync(Func<RawConnection, bool> isEnough, TimeSpan silence, TimeSpan limit, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        while (!HasEnded && !isEnough(this) && Stopwatch.GetElapsedTime(started) < limit && _received.Length < LargestAnswer)
        {
            using var wait = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            wait.CancelAfter(silence);
            try
            {
                var count = await _socket.ReceiveAsync(_buffer.AsMemory(), wait.Token);
                if (count == 0) HasEnded = true;
                _received.Write(_buffer, 0, count);
            }
            catch (SocketException)
            {
                (HasEnded, IsBroken) = (true, true);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    /// <summary>Breaks it.</summary>
    public void Dispose()
    {
        _socket.LingerState = new LingerOption(true, 0);
        _socket.Dispose();
        _received.Dispose();
    }
}
