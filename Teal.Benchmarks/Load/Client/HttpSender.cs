using System.Buffers.Text;

namespace Teal.Benchmarks.Load.Client;

/// <summary>A kept HTTP/1.1 connection that sends one request at a time.</summary>
/// <param name="loop">Reads its answers.</param>
/// <param name="port">The server's port.</param>
/// <param name="onAnswer">Is given the status of each answer.</param>
internal sealed class HttpSender(EventLoop loop, int port, Action<int> onAnswer) : Connection(loop, port)
{
    /// <inheritdoc/>
    protected override int Take(ReadOnlySpan<byte> data)
    {
        var head = data.IndexOf("\r\n\r\n"u8);
        if (head < 0) return 0;
        if (!Utf8Parser.TryParse(data["HTTP/1.1 ".Length..], out int status, out _)) throw new InvalidDataException("Not an HTTP answer.");

        var length = head + 4 + ContentLength(data[..(head + 2)]);
        if (data.Length < length) return 0;

        onAnswer(status);
        return length;
    }

    private static int ContentLength(ReadOnlySpan<byte> head)
    {
        var name = "\r\nContent-Length: "u8;
        var at = head.IndexOf(name);
        return at >= 0 && Utf8Parser.TryParse(head[(at + name.Length)..], out int length, out _) ? length : 0;
    }
}
