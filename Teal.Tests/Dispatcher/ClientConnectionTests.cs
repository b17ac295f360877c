using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Teal.Core.Bus;
using Teal.Core.Events;
using Teal.Core.Hosting;
using Teal.Core.Journal;
using Teal.Core.Kinds;
using Teal.Core.States;
using Teal.Dispatcher;
using Teal.Dispatcher.Authentication;
using Teal.Dispatcher.Commands;
using Teal.Dispatcher.Connections;
using Teal.Dispatcher.Protocols;
using Teal.Dispatcher.Registrations;
using Teal.Tests.Support;

namespace Teal.Tests.Dispatcher;

/// <summary>On which thread a client's messages are handled: those that watch sockets are not to wait for a journal.</summary>
public sealed class ClientConnectionTests
{
    private ThreadRecorder _journal = null!;

    [SetUp]
    public void Record() => _journal = new ThreadRecorder();

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(6)]
    [TestCase(7)]
    [TestCase(40)]
    public async Task Message_InPieces_IsHandledOnThePool(int piece)
    {
        // As the web server's: who reads goes on where something was written.
        var input = new Pipe(new PipeOptions(readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline, useSynchronizationContext: false));
        var output = new Pipe();
        var network = new DefaultConnectionContext { Transport = new Transport(input.Reader, output.Writer) };
        var running = (await ConnectAsync(network)).RunAsync();
        var frame = Frame("""{"register_to":{"type":"callback","state":"a state that is long enough"}}""");

        // Stands for one that watches sockets, and is not left while it writes.
        var thread = new Thread(() =>
        {
            foreach (var bytes in frame.Concat(frame).Chunk(piece)) input.Writer.WriteAsync(bytes).AsTask().GetAwaiter().GetResult();
            input.Writer.Complete();
        });
        thread.IsBackground = true;
        thread.Start();
        await running.WithinLimit();

        _journal.IsOnPool.Should().HaveCount(2).And.AllBeEquivalentTo(true);
    }

    [Test]
    public async Task Clients_ThatReadTooSlowly_AreOneLineInTheLog()
    {
        using var log = new LogRecorder();
        var logger = log.CreateLogger("test");
        var tooSlow = new RepeatedMessage(logger, LogLevel.Warning, "slow", TimeProvider.System);
        var frames = new EventFrames(new CallbackEvent(DateTime.UnixEpoch, $"http://x/callback?x={new string('x', 5000)}", "s"));
        for (var i = 0; i < 3; i++)
        {
            using var connection = await ConnectAsync(new DefaultConnectionContext { Transport = new Transport(new Pipe().Reader, new Pipe().Writer) }, logger, tooSlow);
            for (var events = 0; events < 1000 && !connection.IsClosing; events++) connection.Deliver(frames);
            connection.IsClosing.Should().BeTrue();
        }

        log.Lines.Should().ContainSingle(static line => line.Id == 3013);
    }

    private async Task<ClientConnection> ConnectAsync(DefaultConnectionContext network, ILogger? logger = null, RepeatedMessage? tooSlow = null)
    {
        var options = new DispatcherOptions { CloseTimeout = TimeSpan.FromMilliseconds(100) };
        var bus = new InProcessEventBus(new InProcessBusOptions(), receivesOnPublisher: false, NullLogger<InProcessEventBus>.Instance);
        var budget = new SendBudget(options, new ConnectionTable(options, TimeProvider.System), TimeProvider.System);
        var replayer = new Replayer(_journal, budget, TimeProvider.System, NullLogger<Replayer>.Instance);
        var registrations = new RegistrationTable(bus, _journal, replayer, new Outbox(), new RegistrationBudget(options), options, TimeProvider.System);
        await registrations.StartAsync(CancellationToken.None);
        var states = new MemoryCallbackStateStore(new CallbackStateOptions(), TimeProvider.System);
        var claims = new TopicClaims(_journal, states, registrations, new JournalOptions(), options, TimeProvider.System, NullLogger<TopicClaims>.Instance);
        var registrar = new Registrar(_journal, registrations, claims, new CursorOrigins(_journal), options, TimeProvider.System, NullLogger<Registrar>.Instance);
        var service = new StateService(states, _journal, new CallbackStateOptions(), TimeProvider.System);
        var handler = new CommandHandler(service, registrar, TimeProvider.System, NullLogger<CommandHandler>.Instance);
        logger ??= NullLogger.Instance;
        tooSlow ??= new RepeatedMessage(logger, LogLevel.Warning, "slow", TimeProvider.System);
        return new ClientConnection("test", new Identity(Identity.AnonymousName), new ClassicProtocol(), network, handler, budget, options, TimeProvider.System, logger, tooSlow);
    }

    // A masked text frame, whose mask is 0.
    private static byte[] Frame(string text) => [0x81, (byte)(0x80 | text.Length), 0, 0, 0, 0, .. Encoding.UTF8.GetBytes(text)];

    private sealed record Transport(PipeReader Input, PipeWriter Output) : IDuplexPipe;

    /// <summary>Holds nothing, and notes where it is asked.</summary>
    private sealed class ThreadRecorder : IEventJournal
    {
        public ConcurrentQueue<bool> IsOnPool { get; } = [];

        public string Id => "recorder";

        public ValueTask ClaimAsync(Topic topic, CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public ValueTask<long> FindEndAsync(Topic topic, CancellationToken cancellationToken)
        {
            IsOnPool.Enqueue(Thread.CurrentThread.IsThreadPoolThread);
            return ValueTask.FromResult(1L);
        }

        public ValueTask<JournalPage> ReadAsync(Topic topic, long after, int limit, int size, CancellationToken cancellationToken) =>
            ValueTask.FromResult(new JournalPage([], 1, 0));

        public ValueTask<TealEvent> AppendAsync(TealEvent @event, EventRetention retention, Action<TealEvent> kept, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask KeepUntilAsync(Topic topic, DateTime keepUntil, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<int> DeleteAsync(Topic topic, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
