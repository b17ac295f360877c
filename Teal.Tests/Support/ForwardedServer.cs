using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;

namespace Teal.Tests.Support;

/// <summary>A server to which requests are forwarded: shows each as it came, and answers when it is told to.</summary>
internal sealed class ForwardedServer : IDisposable
{
    private readonly TcpListener _listener;
    private readonly Channel<(Request Request, TcpClient Client)> _requests =
        Channel.CreateUnbounded<(Request, TcpClient)>();

    private TcpClient? _client;

    public ForwardedServer(int port = 0)
    {
        _listener = new TcpListener(IPAddress.Loopback, port);
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public async Task<Request> NextAsync()
    {
        (var request, _client) = await _requests.Reader.ReadAsync().AsTask().WithinLimit();
        return request;
    }

    public void Answer(int status, string header = "X-Nothing: 1")
    {
        _client!.GetStream().Write(Encoding.ASCII.GetBytes($"HTTP/1.1 {status} X\r\n{header}\r\nContent-Length: 0\r\n\r\n"));
        _client.Dispose();
    }

    /// <summary>Takes no notice of what came and was not looked at.</summary>
    public void Forget()
    {
        _client?.Dispose();
        while (_requests.Reader.TryRead(out var entry)) entry.Client.Dispose();
    }

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _ = ReadAsync(await _listener.AcceptTcpClientAsync());
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // It is over.
        }
    }

    private async Task ReadAsync(TcpClient client)
    {
        try
        {
            var (bytes, end) = (new List<byte>(), -1);
            var buffer = new byte[65536];
            var stream = client.GetStream();
            while (true)
            {
                var read = await stream.ReadAsync(buffer);
                if (read == 0) return;

                bytes.AddRange(buffer.AsSpan(0, read));
                if (end < 0) end = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(bytes).IndexOf("\r\n\r\n"u8);
                if (end < 0) continue;

                var lines = Encoding.Latin1.GetString([.. bytes.Take(end)]).Split("\r\n");
                var length = lines.FirstOrDefault(static line => line.StartsWith("Content-Length: ", StringComparison.Ordinal)) is { } line
                    ? int.Parse(line[16..]) : 0;
                if (bytes.Count < end + 4 + length) continue;

                await _requests.Writer.WriteAsync((new Request(lines[0], lines[1..], [.. bytes.Skip(end + 4)]), client));
                return;
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // Whoever forwarded it was ended.
        }
    }

    /// <summary>A request as it came.</summary>
    internal sealed record Request(string Line, string[] Headers, byte[] Body);
}
