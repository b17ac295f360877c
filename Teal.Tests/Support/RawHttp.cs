using System.Net.Sockets;
using System.Text;

namespace Teal.Tests.Support;

/// <summary>HTTP/1.1 without a library between: what is given goes over the wire as it stands.</summary>
internal static class RawHttp
{
    /// <summary>One request on a connection of its own. A <c>Host</c> header is added unless one is given.</summary>
    public static Task<RawResponse> SendAsync(Uri server, string method, string target, string[] headers, byte[]? body = null)
    {
        var head = new StringBuilder($"{method} {target} HTTP/1.1\r\n");
        if (!headers.Any(header => header.StartsWith("Host:", StringComparison.OrdinalIgnoreCase)))
            head.Append($"Host: {server.Authority}\r\n");
        foreach (var header in headers) head.Append(header).Append("\r\n");
        if (body is not null) head.Append($"Content-Length: {body.Length}\r\n");
        head.Append("Connection: close\r\n\r\n");
        return SendAsync(server, [.. Encoding.Latin1.GetBytes(head.ToString()), .. body ?? []]);
    }

    /// <summary>The same; null: the server closes without an answer.</summary>
    public static async Task<RawResponse?> TrySendAsync(Uri server, string method, string target, string[] headers)
    {
        try
        {
            return await SendAsync(server, method, target, headers);
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or SocketException)
        {
            return null;
        }
    }

    /// <summary>Sends bytes, and reads an answer until the server closes.</summary>
    public static async Task<RawResponse> SendAsync(Uri server, byte[] request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(server.Host, server.Port).WithinLimit();
        var stream = client.GetStream();
        await stream.WriteAsync(request).AsTask().WithinLimit();
        using var answer = new MemoryStream();
        try
        {
            await stream.CopyToAsync(answer).WithinLimit();
        }
        catch (IOException) when (answer.Length > 0)
        {
            // A server that refuses a request without reading all of it resets the connection behind its answer.
        }

        return RawResponse.Parse(answer.ToArray());
    }

    /// <summary>
    /// Sends bytes, and reads an answer's head and what comes along with it: an accepted handshake stays open until the caller has the
    /// answer.
    /// </summary>
    public static async Task<RawResponse> ReadHeadAsync(Uri server, byte[] request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(server.Host, server.Port).WithinLimit();
        var stream = client.GetStream();
        await stream.WriteAsync(request);
        var answer = new byte[8192];
        var length = 0;
        while (answer.AsSpan(0, length).IndexOf("\r\n\r\n"u8) < 0)
        {
            var count = await stream.ReadAsync(answer.AsMemory(length)).AsTask().WithinLimit();
            if (count == 0) break;
            length += count;
        }

        return RawResponse.Parse(answer[..length]);
    }
}
