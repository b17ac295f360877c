using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace Teal.Client.Forwarding;

/// <summary>
/// A connection to a target, for one request. A library's client would put headers into another order and join those that came twice.
/// </summary>
internal static class TargetConnection
{
    // What of an answer is read: a head, and as much of a body as lets the target end in order.
    private const int LongestHead = 64 * 1024, LongestBody = 64 * 1024;

    /// <summary>Sends a request, and reads the answer (RFC 9112).</summary>
    /// <exception cref="SocketException">The target cannot be reached.</exception>
    /// <exception cref="IOException">It ended, or answers what is no HTTP.</exception>
    public static async Task<TargetAnswer> SendAsync(ForwardOptions options, byte[] request, CancellationToken cancellationToken)
    {
        var url = options.Target.Url;
        using var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(url.IdnHost, url.Port, cancellationToken);
        await using var stream = await SecureAsync(client.GetStream(), options, cancellationToken);

        // It may answer, and close, before it has read all.
        var sending = SendAsync(stream, request, cancellationToken);
        try
        {
            return await ReadAsync(stream, cancellationToken);
        }
        finally
        {
            client.Close();
            await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task<Stream> SecureAsync(NetworkStream stream, ForwardOptions options, CancellationToken cancellationToken)
    {
        if (options.Target.Url.Scheme != Uri.UriSchemeHttps) return stream;

        var secure = new SslStream(stream, leaveInnerStreamOpen: false);
        var authentication = new SslClientAuthenticationOptions { TargetHost = options.Target.Url.IdnHost };
        if (options.IsInsecure)
            authentication.RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate is not null;
        await secure.AuthenticateAsClientAsync(authentication, cancellationToken);
        return secure;
    }

    private static async Task SendAsync(Stream stream, byte[] request, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(request, cancellationToken);
        await stream.FlushAsync(cancellationToken);
    }

    private static async Task<TargetAnswer> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        var buffer = new byte[LongestHead];
        var length = 0;
        while (true)
        {
            var end = buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8);
            if (end >= 0)
            {
                var answer = Parse(Encoding.Latin1.GetString(buffer, 0, end), out var bodySize);

                // 1xx stand in front of the answer.
                if (answer.Status >= 200)
                {
                    await DrainAsync(stream, length - end - 4, bodySize, cancellationToken);
                    return answer;
                }

                buffer.AsSpan(end + 4, length - end - 4).CopyTo(buffer);
                length -= end + 4;
                continue;
            }

            if (length == buffer.Length) throw new IOException("The answer's headers are too long.");

            var read = await stream.ReadAsync(buffer.AsMemory(length), cancellationToken);
            if (read == 0) throw new IOException("The target closed the connection without an answer.");
            length += read;
        }
    }

    private static TargetAnswer Parse(string head, out long? bodySize)
    {
        var lines = head.Split("\r\n");
        var first = lines[0].Split(' ', 3);
        if (first.Length < 2 || !first[0].StartsWith("HTTP/1.", StringComparison.Ordinal)
            || !int.TryParse(first[1], NumberStyles.None, CultureInfo.InvariantCulture, out var status))
            throw new IOException("The target does not speak HTTP.");

        (bodySize, TimeSpan? retryAfter) = (null, null);
        foreach (var line in lines.AsSpan(1))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            var value = line[(colon + 1)..].Trim();
            if (colon < 0 || !long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) continue;

            if (line.AsSpan(0, colon).Equals("Content-Length", StringComparison.OrdinalIgnoreCase)) bodySize = number;
            if (line.AsSpan(0, colon).Equals("Retry-After", StringComparison.OrdinalIgnoreCase) && number < int.MaxValue)
                retryAfter = TimeSpan.FromSeconds(number);
        }

        return new TargetAnswer(status, retryAfter);
    }

    private static async Task DrainAsync(Stream stream, long read, long? size, CancellationToken cancellationToken)
    {
        var buffer = new byte[4096];
        var most = Math.Min(size ?? LongestBody, LongestBody);
        try
        {
            while (read < most && await stream.ReadAsync(buffer, cancellationToken) is > 0 and var more) read += more;
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            // The answer counts, however its body ends.
        }
    }
}
