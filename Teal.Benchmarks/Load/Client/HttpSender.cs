using System.Buffers.Text;

namespace Teal.Benchmarks.Load.Client;

/// <summary>A kept HTTP/1.1 connection that sends one request at a time.</summary>
/// <param name="loop">Reads its answers.</param>
/// <param name="port">The server's port.</param>
/// <param name="onAnswer">Is given the status of each answer.</param>
/// <param name="origin">Where it comes from, where that matters; it then only begins to connect.</param>
/// <param name="onClosed">Is called when the server has closed it.</param>
internal sealed class HttpSender(EventLoop loop, int port, Action<int> onAnswer, Origin? origin = null, Action? onClosed = null)
    : Connection(loop, port, origin)
{
    /// <summary>Whether the server will close it behind its last answer.</summary>
    public bool IsClosing { get; private set; }

    /// <inheritdoc/>
    protected override int Take(ReadOnlySpan<byte> data)
    {
        var head = data.IndexOf("\r\n\r\n"u8);
        if (head < 0) return 0;
        if (!Utf8Parser.TryParse(data["HTTP/1.1 ".Length..], out int status, out _)) throw new InvalidDataException("Not an HTTP answer.");

        var length = head + 4 + ContentLength(data[..(head + 2)]);
        if (data.Length < length) return 0;

        // Errors alone close connections here, so that the others' heads are not searched.
        IsClosing = status >= 400 && data[..head].IndexOf("\r\nConnection: close"u8) >= 0;
        onAnswer(status);
        return length;
    }

    /// <inheritdoc/>
    protected override void OnClosed() => onClosed?.Invoke();

    private static int ContentLength(ReadOnlySpan<byte> head)
    {
        var name = "\r\nContent-Length: "u8;
        var at = head.IndexOf(name);
        return at >= 0 && Utf8Parser.TryParse(head[(at + name.Length)..], out int length, out _) ? length : 0;
    }
}
