using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Teal.Tests.Support;

/// <summary>Speaks to Redis in its own protocol (RESP2), so that tests see what is there without the driver they test.</summary>
internal static class RespClient
{
    /// <summary>
    /// Sends one command on a connection of its own. Parts are text or bytes. The answer: bytes, a number, a list, null, or text
    /// for a status; an error is thrown. With certificates it speaks TLS.
    /// </summary>
    public static async Task<object?> SendAsync(int port, string? password, TestCertificates? certificates, params object[] command)
    {
        using var client = new TcpClient();
        using var limit = new CancellationTokenSource(Eventually.Limit);
        await client.ConnectAsync(IPAddress.Loopback, port, limit.Token);
        await using var stream = certificates is null ? client.GetStream() : await certificates.OpenAsync(client.GetStream(), limit.Token);
        if (password is not null) await ExchangeAsync(stream, ["AUTH", password], limit.Token);
        return await ExchangeAsync(stream, command, limit.Token);
    }

    private static async Task<object?> ExchangeAsync(Stream stream, object[] command, CancellationToken cancellationToken)
    {
        var request = new MemoryStream();
        request.Write(Encoding.ASCII.GetBytes($"*{command.Length}\r\n"));
        foreach (var part in command)
        {
            var bytes = part as byte[] ?? Encoding.UTF8.GetBytes(Convert.ToString(part, CultureInfo.InvariantCulture)!);
            request.Write(Encoding.ASCII.GetBytes($"${bytes.Length}\r\n"));
            request.Write(bytes);
            request.Write("\r\n"u8);
        }

        await stream.WriteAsync(request.ToArray(), cancellationToken);
        return await ReadAsync(stream, cancellationToken);
    }

    private static async Task<object?> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        var line = await ReadLineAsync(stream, cancellationToken);
        var rest = line[1..];
        switch (line[0])
        {
            case '+':
                return rest;
            case ':':
                return long.Parse(rest, CultureInfo.InvariantCulture);
            case '$':
                var length = int.Parse(rest, CultureInfo.InvariantCulture);
                if (length < 0) return null;
                var bytes = new byte[length + 2];
                await stream.ReadExactlyAsync(bytes, cancellationToken);
                return bytes[..length];
            case '*':
                var items = new object?[int.Parse(rest, CultureInfo.InvariantCulture)];
                for (var i = 0; i < items.Length; i++) items[i] = await ReadAsync(stream, cancellationToken);
                return items;
            default:
                throw new InvalidOperationException(rest);
        }
    }

    private static async Task<string> ReadLineAsync(Stream stream, CancellationToken cancellationToken)
    {
        var line = new StringBuilder();
        var octet = new byte[1];
        while (true)
        {
            await stream.ReadExactlyAsync(octet, cancellationToken);
            if (octet[0] == '\n') return line.ToString().TrimEnd('\r');
            line.Append((char)octet[0]);
        }
    }
}
