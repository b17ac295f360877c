using System.Net.Sockets;
using System.Text;

namespace Teal.Tests.Support;

/// <summary>A connection on which a test sends what it likes, and when.</summary>
internal sealed class RawConnection : IDisposable
{
    private readonly TcpClient _client;
    private readonly NetworkStream _stream;

    private RawConnection(TcpClient client)
    {
        _client = client;
        _stream = client.GetStream();
    }

    public static async Task<RawConnection> OpenAsync(Uri server)
    {
        var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(server.Host, server.Port).WithinLimit();
        return new RawConnection(client);
    }

    /// <summary>Opens one, and sends.</summary>
    public static async Task<RawConnection> SendAsync(Uri server, string text)
    {
        var connection = await OpenAsync(server);
        await connection.SendAsync(text);
        return connection;
    }

    public Task SendAsync(string text) => _stream.WriteAsync(Encoding.Latin1.GetBytes(text)).AsTask().WithinLimit();

    /// <summary>Sends no more, and goes on reading.</summary>
    public void EndSending() => _client.Client.Shutdown(SocketShutdown.Send);

    /// <summary>Closes with a reset.</summary>
    public void Reset()
    {
        _client.Client.LingerState = new LingerOption(true, 0);
        _client.Dispose();
    }

    /// <summary>Reads as many bytes.</summary>
    public async Task<string> ReadAsync(int count)
    {
        var bytes = new byte[count];
        await _stream.ReadExactlyAsync(bytes).AsTask().WithinLimit();
        return Encoding.Latin1.GetString(bytes);
    }

    /// <summary>Reads until the server closes the connection; nothing: it closed without a word.</summary>
    public async Task<string> ReadToEndAsync()
    {
        using var answer = new MemoryStream();
        try
        {
            await _stream.CopyToAsync(answer).WithinLimit();
        }
        catch (IOException)
        {
            // A server that does not read all of a request resets the connection behind its answer.
        }

        return Encoding.Latin1.GetString(answer.ToArray());
    }

    /// <summary>The one answer that comes before the server closes the connection.</summary>
    public async Task<RawResponse> ReadAnswerAsync() => RawResponse.Parse(Encoding.Latin1.GetBytes(await ReadToEndAsync()));

    public void Dispose() => _client.Dispose();
}
