using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Teal.Tests.Support;

/// <summary>Other tests rely on a network that falls silent without anybody being told.</summary>
public sealed class DroppingProxyTests
{
    // What passes takes far less; what does not pass shows by this much waiting.
    private static readonly TimeSpan Silence = TimeSpan.FromMilliseconds(200);

    private readonly TcpListener _target = new(IPAddress.Loopback, 0);

    [SetUp]
    public void Listen() => _target.Start();

    [TearDown]
    public void Close() => _target.Dispose();

    [Test]
    public async Task Forward_FromTheStart_PassesBothWaysAndPassesTheEnd()
    {
        await using var proxy = DroppingProxy.Start(PortOf(_target));
        using var client = await ConnectAsync(proxy);
        using var server = await _target.AcceptSocketAsync().WithinLimit();

        await SendAsync(client, "question");
        (await ReceiveAsync(server, 8)).Should().Be("question");
        await SendAsync(server, "answer");
        (await ReceiveAsync(client, 6)).Should().Be("answer");

        client.Shutdown(SocketShutdown.Send);
        (await ReceiveAsync(server, 1)).Should().BeEmpty();
        await SendAsync(server, "last");
        (await ReceiveAsync(client, 4)).Should().Be("last");
    }

    [Test]
    public async Task Drop_WithAnOpenConnection_HoldsBothWaysBackUntilForward()
    {
        await using var proxy = DroppingProxy.Start(PortOf(_target));
        using var client = await ConnectAsync(proxy);
        using var server = await _target.AcceptSocketAsync().WithinLimit();
        proxy.Drop();

        await SendAsync(client, "question");
        await SendAsync(server, "answer");
        server.Shutdown(SocketShutdown.Send);
        var question = ReceiveAsync(server, 8);
        var answer = ReceiveAsync(client, 7);
        await Task.Delay(Silence);
        question.IsCompleted.Should().BeFalse();
        answer.IsCompleted.Should().BeFalse();

        proxy.Forward();
        (await question).Should().Be("question");
        (await answer).Should().Be("answer", "the end of the connection came behind it");
    }

    [Test]
    public async Task Drop_BeforeAConnection_AcceptsItAndTellsTheTargetOnlyAfterForward()
    {
        await using var proxy = DroppingProxy.Start(PortOf(_target));
        proxy.Drop();
        using var client = await ConnectAsync(proxy);
        await SendAsync(client, "early");
        await Task.Delay(Silence);
        _target.Pending().Should().BeFalse();

        proxy.Forward();
        using var server = await _target.AcceptSocketAsync().WithinLimit();
        (await ReceiveAsync(server, 5)).Should().Be("early");
    }

    [Test]
    public async Task Forward_WhereNothingListens_ClosesTheConnection()
    {
        await using var proxy = DroppingProxy.Start(LoopbackPort.Find());
        using var client = await ConnectAsync(proxy);

        (await ReceiveAsync(client, 1)).Should().BeEmpty();
    }

    [Test]
    public async Task DisposeAsync_WhileDropping_ClosesBothSides()
    {
        var proxy = DroppingProxy.Start(PortOf(_target));
        using var client = await ConnectAsync(proxy);
        using var server = await _target.AcceptSocketAsync().WithinLimit();
        proxy.Drop();

        await proxy.DisposeAsync();

        (await ReceiveAsync(client, 1)).Should().BeEmpty();
        (await ReceiveAsync(server, 1)).Should().BeEmpty();
    }

    private static int PortOf(TcpListener listener) => ((IPEndPoint)listener.LocalEndpoint).Port;

    private static async Task<Socket> ConnectAsync(DroppingProxy proxy)
    {
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(IPAddress.Loopback, proxy.Port).WithinLimit();
        return client;
    }

    private static Task SendAsync(Socket client, string text) => client.SendAsync(Encoding.ASCII.GetBytes(text)).WithinLimit();

    /// <summary>That many characters, or fewer when the connection ends before.</summary>
    private static async Task<string> ReceiveAsync(Socket client, int count)
    {
        var buffer = new byte[count];
        var length = 0;
        while (length < count)
        {
            var received = await client.ReceiveAsync(buffer.AsMemory(length)).AsTask().WithinLimit();
            if (received == 0) break;
            length += received;
        }

        return Encoding.ASCII.GetString(buffer, 0, length);
    }
}
