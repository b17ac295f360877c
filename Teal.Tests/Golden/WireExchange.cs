using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Teal.Tests.Support;

namespace Teal.Tests.Golden;

/// <summary>Sends a recorded request, and reads its answer also where the connection stays open behind it.</summary>
internal static class WireExchange
{
    /// <summary>Stands for an id that the server made.</summary>
    public const string NewId = "(new)";

    /// <summary>The answer, reduced to what is compared.</summary>
    public static async Task<RecordedResponse> SendAsync(Uri server, HttpStep request)
    {
        var answer = request.IsLast ? await RawHttp.SendAsync(server, request.ToBytes())
            : RawResponse.Parse(await ReadFirstAsync(server, request.ToBytes()));
        var compared = answer.Headers
            .Select(static header => (Name: header.Name.ToLowerInvariant(), header.Value))
            .Where(static header => RecordedResponse.Compared.Contains(header.Name))
            .ToDictionary(static header => header.Name, static header => header.Value);
        if (compared.TryGetValue("x-request-id", out var id) && id.Length > 0 && id != request.Header("X-Request-ID"))
            compared["x-request-id"] = NewId;
        return new RecordedResponse(answer.Status, compared, answer.Body);
    }

    private static async Task<byte[]> ReadFirstAsync(Uri server, byte[] request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(server.Host, server.Port).WithinLimit();
        var stream = client.GetStream();
        await stream.WriteAsync(request).AsTask().WithinLimit();

        var answer = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (!IsComplete(answer.GetBuffer().AsSpan(0, (int)answer.Length)))
        {
            var count = await stream.ReadAsync(buffer).AsTask().WithinLimit();
            if (count == 0) break;
            answer.Write(buffer, 0, count);
        }

        return answer.ToArray();
    }

    private static bool IsComplete(ReadOnlySpan<byte> answer)
    {
        var end = answer.IndexOf("\r\n\r\n"u8);
        if (end < 0) return false;

        var head = Encoding.Latin1.GetString(answer[..end]);
        if (head.StartsWith("HTTP/1.1 101", StringComparison.Ordinal)) return true;
        if (head.Contains("Transfer-Encoding: chunked", StringComparison.OrdinalIgnoreCase)) return answer.EndsWith("\r\n0\r\n\r\n"u8);

        var length = head.Split("\r\n").Single(static line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase));
        return answer.Length == end + 4 + int.Parse(length.AsSpan("Content-Length:".Length), CultureInfo.InvariantCulture);
    }
}
