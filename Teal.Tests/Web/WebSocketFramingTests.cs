using System.Net.WebSockets;
using System.Text;
using Teal.Tests.Support;
using Teal.Web.WebSockets;

namespace Teal.Tests.Web;

public sealed class WebSocketFramingTests
{
    [TestCase(0)]
    [TestCase(1)]
    [TestCase(125)]
    [TestCase(126)]
    [TestCase(32_764)]
    [TestCase(32_765)]
    [TestCase(32_765 + 125)]
    [TestCase(2 * 32_764)]
    [TestCase(65_535)]
    [TestCase(65_536)]
    [TestCase(200_000)]
    public async Task Text_OfAnyLength_IsReadByTheFrameworksClient(int length)
    {
        var text = new string('x', length);
        byte[] stream = [.. WebSocketFraming.Instance.Ping, .. Frames(Encoding.UTF8.GetBytes(text)), .. Frames("end"u8)];
        using var client = WebSocket.CreateFromStream(new ReadingStream(stream), new WebSocketCreationOptions());
        var buffer = new byte[length + 1];

        (await ReadAsync(client, buffer)).Should().Be(text);
        (await ReadAsync(client, new byte[10])).Should().Be("end");
    }

    private static byte[] Frames(ReadOnlySpan<byte> text) => WebSocketFraming.Instance.Frame(text, isText: true).Frames.ToArray();

    private static async Task<string> ReadAsync(WebSocket client, byte[] buffer)
    {
        var size = 0;
        while (true)
        {
            var piece = await client.ReceiveAsync(buffer.AsMemory(size), CancellationToken.None).AsTask().WithinLimit();
            piece.MessageType.Should().Be(WebSocketMessageType.Text);
            size += piece.Count;
            if (piece.EndOfMessage) return Encoding.UTF8.GetString(buffer.AsSpan(0, size));
        }
    }

    /// <summary>Gives what it was made with, and takes pongs.</summary>
    private sealed class ReadingStream(byte[] content) : MemoryStream(content, writable: false)
    {
        public override bool CanWrite => true;

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            ValueTask.CompletedTask;
    }
}
