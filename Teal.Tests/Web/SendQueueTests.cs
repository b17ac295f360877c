using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Teal.Tests.Support;
using Teal.Web.Sessions;
using Teal.Web.WebSockets;

namespace Teal.Tests.Web;

public sealed class SendQueueTests
{
    private const int KiB = 1024;

    // A network that takes whatever it is given into its buffer; a flush completes when all of it was read.
    private readonly Pipe _network = new(
        new PipeOptions(pauseWriterThreshold: 1, resumeWriterThreshold: 1, useSynchronizationContext: false));
    private readonly ChannelOptions _options = new() { SendQueueLength = 10 };
    private readonly ManualTimeProvider _clock = new();
    private SendBudget? _budget;

    private SendBudget Budget => _budget ??= new SendBudget(_options, new ChannelTable(_options, _clock), _clock);

    [Test]
    public async Task Flush_SeveralFrames_SendsThemInOrderAndInOnePiece()
    {
        var queue = NewQueue();
        foreach (var text in new[] { "a", "b", "c" }) queue.TryAdd(Message(text)).Should().BeTrue();

        _network.Reader.TryRead(out _).Should().BeFalse("adding does not send");
        queue.Flush();

        (await ReadAsync()).Should().Be("abc");
    }

    [Test]
    public void TryAdd_MoreThanTheLimit_IsRefusedUntilSomeAreSent()
    {
        _options.SendQueueLength = 2;
        var queue = NewQueue();
        queue.TryAdd(Message("a")).Should().BeTrue();
        queue.TryAdd(Message("b")).Should().BeTrue();
        queue.TryAdd(Message("c")).Should().BeFalse();

        queue.Flush();

        queue.TryAdd(Message("c")).Should().BeTrue();
    }

    [Test]
    public async Task TryAdd_MoreBytesThanTheLimit_IsRefusedUntilTheClientTookSome()
    {
        _options.SendQueueSize = 100 * KiB;
        var queue = NewQueue();
        queue.TryAdd(Large(60 * KiB)).Should().BeTrue();
        queue.TryAdd(Large(30 * KiB)).Should().BeTrue();
        queue.TryAdd(Large(30 * KiB)).Should().BeTrue("one may exceed it");
        queue.TryAdd(Large(30 * KiB)).Should().BeFalse();
        queue.TryAdd(Message("a")).Should().BeTrue("it fits beside the one");
        queue.Flush();
        queue.TryAdd(Large(30 * KiB)).Should().BeFalse("what the network has and the client has not counts");

        for (var read = 0; read < 120 * KiB; read += (await ReadAsync()).Length) ;

        queue.TryAdd(Large(30 * KiB)).Should().BeTrue();
    }

    [Test]
    public void TryAdd_OneMessageOfAnySize_IsTaken()
    {
        _options.SendQueueSize = 100 * KiB;
        var queue = NewQueue();
        queue.TryAdd(Message("a")).Should().BeTrue();
        queue.TryAdd(Large(10_000 * KiB)).Should().BeTrue("that something small waits already is no reason");
        queue.TryAdd(Message("b")).Should().BeTrue();
        queue.TryAdd(Large(10_000 * KiB)).Should().BeFalse();
    }

    [Test]
    public async Task Flush_WhileTheNetworkTakesNothing_SendsTheRestWhenItDoes()
    {
        var queue = FullQueue();
        queue.Flush();
        queue.TryAdd(Message("c")).Should().BeFalse("nothing moves");

        (await ReadAsync()).Should().HaveLength(200);
        (await ReadAsync()).Should().Be("ab");
    }

    [Test]
    public async Task Flush_ALargeMessage_GivesTheNetworkAPortionAtATime()
    {
        var queue = NewQueue();
        var message = Large(300 * KiB);
        queue.TryAdd(message);
        queue.Flush();

        var received = "";
        while (received.Length < message.Length)
        {
            var piece = await ReadAsync();
            piece.Length.Should().BeLessThanOrEqualTo(32 * KiB);
            received += piece;
        }

        received.Should().Be(Encoding.Latin1.GetString(message.Frames));
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
    public async Task WaitForRoom_LargeMessages_CompletesWhenTheClientTookMostOfThem()
    {
        var queue = NewQueue();
        for (var i = 0; i < 2; i++) queue.TryAdd(Large(200 * KiB));
        queue.HasRoom.Should().BeFalse();

        var room = queue.WaitForRoomAsync();
        for (var read = 0; read < 150 * KiB; read += (await ReadAsync()).Length) room.IsCompleted.Should().BeFalse();
        while (!room.IsCompleted) await ReadAsync();

        queue.HasRoom.Should().BeTrue();
    }

    [Test]
    public async Task Send_FrameOfTheWebSocketWhileTheNetworkTakesNothing_GoesNextAndAnotherWaits()
    {
        var queue = FullQueue();

        await queue.SendControlAsync(Bytes("pong"), isLast: false).AsTask().WithinLimit();
        var second = queue.SendControlAsync(Bytes("second"), isLast: false).AsTask();
        second.IsCompleted.Should().BeFalse("a client that reads nothing is not read any more");
        await ReadAsync();
        await second.WithinLimit();

        var rest = await ReadAsync();
        while (rest.Length < "pongsecondab".Length) rest += await ReadAsync();
        rest.Should().BeOneOf("pongsecondab", "pongabsecond");
    }

    [Test]
    public async Task Ping_WhileALargeMessageIsUnderWay_GoesBetweenItsFrames()
    {
        var queue = NewQueue();
        queue.TryAdd(Large(200 * KiB));
        queue.Flush();
        queue.Ping(WebSocketFraming.Instance.Ping);
        queue.Ping(WebSocketFraming.Instance.Ping);
        await queue.SendControlAsync(new byte[] { 0x8a, 0 }, isLast: false);

        (await ReadAsync()).Should().HaveLength(32 * KiB);
        (await ReadAsync()).Should().Be("\u0089\0\u008a\0", "a ping and a pong");
        ((await ReadAsync())[0] & 0x8f).Should().Be(0, "then the message goes on");
    }

    [Test]
    public async Task Close_WithWhatWaits_SendsItAndTakesNoMore()
    {
        var queue = NewQueue();
        queue.TryAdd(Message("a"));

        var closing = queue.CloseAsync(sendWaiting: true);
        (await ReadAsync()).Should().Be("a");
        await closing.WithinLimit();
        queue.TryAdd(Message("b")).Should().BeTrue("it is dropped");
        await queue.SendControlAsync(Bytes("close"), isLast: false);

        (await ReadAsync()).Should().Be("close");
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
        await queue.SendControlAsync(Bytes("close"), isLast: false);

        (await ReadAsync()).Should().Be("close");
    }

    [Test]
    public async Task Close_WithinALargeMessage_ComesBehindTheFrameThatIsUnderWay()
    {
        var queue = NewQueue();
        queue.TryAdd(Large(200 * KiB));
        queue.Flush();

        _ = queue.CloseAsync(sendWaiting: false);
        await queue.SendControlAsync(Bytes("close"), isLast: false);

        (await ReadAsync()).Should().HaveLength(32 * KiB);
        (await ReadAsync()).Should().Be("close");
        await Eventually.HoldsAsync(() => Budget.Held == 0, "nothing is held");
    }

    [Test]
    public async Task Send_ACloseFrame_IsFollowedByNothing()
    {
        var queue = FullQueue();

        await queue.SendControlAsync(new byte[] { 0x88, 0 }, isLast: true);
        queue.Ping(WebSocketFraming.Instance.Ping);
        queue.TryAdd(Message("c"));

        (await ReadAsync()).Should().HaveLength(200);
        (await ReadAsync()).Should().Be("\u0088\0");
        _network.Reader.TryRead(out _).Should().BeFalse();
    }

    [Test]
    public async Task BrokenNetwork_DropsAllAndTellsTheWebSocket()
    {
        var queue = NewQueue();
        await _network.Reader.CompleteAsync();
        queue.TryAdd(Message("a"));
        queue.Flush();

        await queue.WaitForRoomAsync().WithinLimit();
        await queue.CloseAsync(sendWaiting: true).WithinLimit();
        await FluentActions.Awaiting(() => queue.SendControlAsync(Bytes("close"), isLast: false).AsTask())
            .Should().ThrowAsync<IOException>();
    }

    [Test]
    public async Task IsStalledFor_NetworkThatTakesNothing_UntilItDoes()
    {
        var queue = FullQueue();
        queue.IsStalledFor(TimeSpan.FromSeconds(2)).Should().BeFalse();
        _clock.Advance(TimeSpan.FromSeconds(2));
        queue.IsStalledFor(TimeSpan.FromSeconds(2)).Should().BeTrue();

        await ReadAsync();

        await Eventually.HoldsAsync(() => !queue.IsStalledFor(TimeSpan.FromSeconds(2)), "what follows is under way for a shorter time");
        await ReadAsync();
        await Eventually.HoldsAsync(() => !queue.IsStalledFor(TimeSpan.Zero), "nothing waits");
    }

    [Test]
    public async Task Budget_MessagesThatWaitForMany_CountOnceAndCopiesForEach()
    {
        var networks = Enumerable.Range(0, 50).Select(
            static _ =>
                new Pipe(new PipeOptions(pauseWriterThreshold: 1, resumeWriterThreshold: 1, useSynchronizationContext: false))).ToArray();
        var queues = networks.Select(network => new SendQueue(network.Writer, Budget)).ToArray();
        var message = Large(500 * KiB);
        foreach (var queue in queues) queue.TryAdd(message);
        Budget.Held.Should().Be(0, "what was not tried to be sent does not wait yet");

        foreach (var queue in queues) queue.Flush();

        Budget.Held.Should().Be(message.Length + (50 * 32 * KiB));
        queues.Sum(static queue => queue.Share).Should().BeInRange(message.Length - 50, message.Length);
        foreach (var queue in queues[..20]) _ = queue.CloseAsync(sendWaiting: false);
        foreach (var network in networks[20..40]) await network.Reader.CompleteAsync();
        await Eventually.HoldsAsync(
            () => Budget.Held == message.Length + (30 * 32 * KiB),
            "those that are broken hold nothing, those that close what is under way");
        foreach (var network in networks[40..]) await DrainAsync(network.Reader, message.Length);
        foreach (var network in networks[..20]) await DrainAsync(network.Reader, 32 * KiB);
        await Eventually.HoldsAsync(() => Budget.Held == 0, "nothing is held");
    }

    [Test]
    public async Task Budget_HalfSpentByCopies_SendsInSmallPortions()
    {
        _options.SendBudget = 64 * KiB;
        var other = new SendQueue(new Pipe(new PipeOptions(pauseWriterThreshold: 1, resumeWriterThreshold: 1)).Writer, Budget);
        other.TryAdd(Large(40 * KiB));
        other.Flush();
        var queue = NewQueue();
        var message = Large(40 * KiB);
        queue.TryAdd(message);
        queue.Flush();

        var received = await ReadAsync();
        received.Length.Should().BeLessThanOrEqualTo(4 * KiB);
        while (received.Length < message.Length) received += await ReadAsync();
        received.Should().Be(Encoding.Latin1.GetString(message.Frames));
    }

    [Test]
    public void Budget_WithMuchThatWaits_LetsLessWaitForEachReplay()
    {
        _options.SendBudget = 1024 * KiB;
        var other = new SendQueue(new Pipe(new PipeOptions(pauseWriterThreshold: 1, resumeWriterThreshold: 1)).Writer, Budget);
        var queue = NewQueue();
        queue.TryAdd(Large(20 * KiB));
        queue.HasRoom.Should().BeTrue();

        other.TryAdd(Large(300 * KiB));
        other.Flush();

        queue.HasRoom.Should().BeFalse();
        Budget.HasRoomForReplays.Should().BeTrue();
    }

    [Test]
    public void Budget_WithMuchThatWaits_LetsLessWaitOfWhatCanBeReadAgain()
    {
        _options.SendBudget = 8 * 1024 * KiB;
        SendQueue[] others = [.. Enumerable.Range(0, 50).Select(
            _ => new SendQueue(new Pipe(new PipeOptions(pauseWriterThreshold: 1, resumeWriterThreshold: 1)).Writer, Budget))];

        // All get kept events, as long as there is room, and none reads.
        for (var i = 0; i < 100; i++)
        {
            foreach (var other in others)
            {
                other.TryAdd(Large(10 * KiB), isKept: true);
                other.Flush();
            }
        }

        Budget.HasRoomForReplays.Should().BeTrue("somebody else's go on");
        NewQueue().TryAdd(Large(500 * KiB)).Should().BeTrue("an answer has its room");
    }

    [Test]
    public async Task Add_FromManyThreads_LosesAndRepeatsNothing()
    {
        const int Threads = 8, Each = 5000;
        _options.SendQueueLength = Threads * Each;
        var queue = NewQueue();
        var outbox = new Outbox();
        var adding = Enumerable.Range(0, Threads).Select(thread => Task.Run(() =>
        {
            for (var i = 0; i < Each; i++)
            {
                queue.TryAdd(Message($"{thread}:{i}\n")).Should().BeTrue();
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
        var all = text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(static line => line.Split(':')).ToLookup(static line => line[0], static line => line[1]);
        all.Should().HaveCount(Threads);
        foreach (var thread in all)
            thread.Should().Equal(Enumerable.Range(0, Each).Select(static i => $"{i}"), "each thread's come in its order");
        await Eventually.HoldsAsync(() => Budget.Held == 0, "nothing is held");
    }

    [Test]
    public async Task Outbox_ThousandsOfQueues_FlushesEachOfThem()
    {
        var outbox = new Outbox();
        var networks = Enumerable.Range(0, 5000).Select(_ => new Pipe()).ToArray();
        foreach (var network in networks)
        {
            var queue = new SendQueue(network.Writer, Budget);
            queue.TryAdd(Message("a"));
            outbox.Add(queue);
            outbox.Add(queue);
        }

        outbox.Start();

        foreach (var network in networks) (await network.Reader.ReadAsync().AsTask().WithinLimit()).Buffer.Length.Should().Be(1);
    }

    private SendQueue NewQueue() => new(_network.Writer, Budget);

    // One message of 200 bytes under way, which the network does not take, and two that wait: as many as may.
    private SendQueue FullQueue()
    {
        _options.SendQueueLength = 2;
        var queue = NewQueue();
        queue.TryAdd(Message(new string('x', 200)));
        queue.Flush();
        queue.TryAdd(Message("a")).Should().BeTrue();
        queue.TryAdd(Message("b")).Should().BeTrue();
        return queue;
    }

    private static OutgoingMessage Message(string text) => new(Bytes(text), WebSocketFraming.MaximumLength);

    // A text in frames, of about this many bytes.
    private static OutgoingMessage Large(int size) =>
        WebSocketFraming.Instance.Frame(Bytes(string.Concat(Enumerable.Range(0, size / 8).Select(static i => $"{i:x8}"))), isText: true);

    private static byte[] Bytes(string text) => Encoding.ASCII.GetBytes(text);

    private static async Task DrainAsync(PipeReader reader, int count)
    {
        while (count > 0)
        {
            var read = await reader.ReadAsync().AsTask().WithinLimit();
            count -= (int)read.Buffer.Length;
            reader.AdvanceTo(read.Buffer.End);
        }
    }

    private async Task<string> ReadAsync()
    {
        var read = await _network.Reader.ReadAsync().AsTask().WithinLimit();
        var text = Encoding.Latin1.GetString(read.Buffer.ToArray());
        _network.Reader.AdvanceTo(read.Buffer.End);
        return text;
    }
}
