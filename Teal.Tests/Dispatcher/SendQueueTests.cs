using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Teal.Dispatcher.Connections;
using Teal.Tests.Support;

namespace Teal.Tests.Dispatcher;

public sealed class SendQueueTests
{
    // A network that takes 100 bytes, and then waits until they are read.
    private readonly Pipe _network = new(new PipeOptions(pauseWriterThreshold: 100, resumeWriterThreshold: 50, useSynchronizationContext: false));

    [Test]
    public async Task Flush_SeveralFrames_SendsThemInOrderAndInOnePiece()
    {
        var queue = new SendQueue(_network.Writer, 10);
        foreach (var text in new[] { "a", "b", "c" }) queue.TryAdd(Frame(text)).Should().BeTrue();

        _network.Reader.TryRead(out _).Should().BeFalse("adding does not send");
        queue.Flush();

        (await ReadAsync()).Should().Be("abc");
    }

    [Test]
    public void TryAdd_MoreThanTheLimit_IsRefusedUntilSomeAreSent()
    {
        var queue = new SendQueue(_network.Writer, 2);
        queue.TryAdd(Frame("a")).Should().BeTrue();
        queue.TryAdd(Frame("b")).Should().BeTrue();
        queue.TryAdd(Frame("c")).Should().BeFalse();

        queue.Flush();

        queue.TryAdd(Frame("c")).Should().BeTrue();
    }

    [Test]
    public async Task Flush_WhileTheNetworkTakesNothing_SendsTheRestWhenItDoes()
    {
        var queue = FullQueue();
        queue.Flush();
        queue.TryAdd(Frame("c")).Should().BeFalse("nothing moves");

        (await ReadAsync()).Should().HaveLength(200);
        (await ReadAsync()).Should().Be("ab");
    }

    [Test]
    public async Task WaitForRoom_FullQueue_CompletesWhenHalfOfItIsSent()
    {
        var queue = FullQueue();

        var room = queue.WaitForRoomAsync();
        room.IsCompleted.Should().BeFalse();
        await ReadAsync();

        await room.WithinLimit();
    }

    [Test]
    public async Task Send_FrameOfTheWebSocketIntoAFullQueue_WaitsAndComesBehind()
    {
        var queue = FullQueue();

        var pong = queue.SendAsync(Frame("pong")).AsTask();
        pong.IsCompleted.Should().BeFalse("a client that reads nothing is not read any more");
        await ReadAsync();
        await pong.WithinLimit();

        var rest = await ReadAsync();
        while (rest.Length < "abpong".Length) rest += await ReadAsync();
        rest.Should().Be("abpong");
    }

    [Test]
    public async Task Close_WithWhatWaits_SendsItAndTakesNoMore()
    {
        var queue = new SendQueue(_network.Writer, 10);
        queue.TryAdd(Frame("a"));

        await queue.CloseAsync(sendWaiting: true).WithinLimit();
        queue.TryAdd(Frame("b")).Should().BeTrue("it is dropped");
        await queue.SendAsync(Frame("close"));

        (await ReadAsync()).Should().Be("aclose");
    }

    [Test]
    public async Task Close_WithoutWhatWaits_DropsItAndLetsGoOfWhoWaits()
    {
        var queue = FullQueue();
        var room = queue.WaitForRoomAsync();

        var closing = queue.CloseAsync(sendWaiting: false);
        await room.WithinLimit();
        (await ReadAsync()).Should().HaveLength(200);
        await closing.WithinLimit();
        await queue.SendAsync(Frame("close"));

        (await ReadAsync()).Should().Be("close");
    }

    [Test]
    public async Task BrokenNetwork_DropsAllAndTellsTheWebSocket()
    {
        var queue = new SendQueue(_network.Writer, 2);
        await _network.Reader.CompleteAsync();
        queue.TryAdd(Frame("a"));
        queue.Flush();

        await queue.WaitForRoomAsync().WithinLimit();
        await queue.CloseAsync(sendWaiting: true).WithinLimit();
        await FluentActions.Awaiting(() => queue.SendAsync(Frame("close")).AsTask()).Should().ThrowAsync<IOException>();
    }

    [Test]
    public async Task Add_FromManyThreads_LosesAndRepeatsNothing()
    {
        const int Threads = 8, Each = 5000;
        var queue = new SendQueue(_network.Writer, Threads * Each);
        var outbox = new Outbox();
        var adding = Enumerable.Range(0, Threads).Select(thread => Task.Run(() =>
        {
            for (var i = 0; i < Each; i++)
            {
                queue.TryAdd(Frame($"{thread}:{i}\n")).Should().BeTrue();
                outbox.Add(queue);
                outbox.Start();
            }
        })).ToArray();

        var text = new StringBuilder();
        var lines = 0;
        while (lines < Threads * Each)
        {
            var piece = await ReadAsync();
            lines += piece.Count(static c => c == '\n');
            text.Append(piece);
        }

        await Task.WhenAll(adding).WithinLimit();
        var all = text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => line.Split(':')).ToLookup(static line => line[0], static line => line[1]);
        all.Should().HaveCount(Threads);
        foreach (var thread in all) thread.Should().Equal(Enumerable.Range(0, Each).Select(static i => $"{i}"), "each thread's come in its order");
    }

    [Test]
    public async Task Outbox_ThousandsOfQueues_FlushesEachOfThem()
    {
        var outbox = new Outbox();
        var networks = Enumerable.Range(0, 5000).Select(_ => new Pipe()).ToArray();
        foreach (var network in networks)
        {
            var queue = new SendQueue(network.Writer, 10);
            queue.TryAdd(Frame("a"));
            outbox.Add(queue);
            outbox.Add(queue);
        }

        outbox.Start();

        foreach (var network in networks) (await network.Reader.ReadAsync().AsTask().WithinLimit()).Buffer.Length.Should().Be(1);
    }

    // One frame of 200 bytes under way, which the network does not take, and two that wait: as many as may.
    private SendQueue FullQueue()
    {
        var queue = new SendQueue(_network.Writer, 2);
        queue.TryAdd(Frame(new string('x', 200)));
        queue.Flush();
        queue.TryAdd(Frame("a")).Should().BeTrue();
        queue.TryAdd(Frame("b")).Should().BeTrue();
        return queue;
    }

    private static byte[] Frame(string text) => Encoding.ASCII.GetBytes(text);

    private async Task<string> ReadAsync()
    {
        var read = await _network.Reader.ReadAsync().AsTask().WithinLimit();
        var text = Encoding.ASCII.GetString(read.Buffer.ToArray());
        _network.Reader.AdvanceTo(read.Buffer.End);
        return text;
    }
}
