using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging.Abstractions;
using Teal.Core.Bus;
using Teal.Core.Ciba;
using Teal.Core.Events;
using Teal.Core.Identities;
using Teal.Core.Journal;
using Teal.Core.Records;
using Teal.Core.States;
using Teal.Dispatcher;
using Teal.Dispatcher.Commands;
using Teal.Dispatcher.Protocols;
using Teal.Dispatcher.Registrations;
using Teal.Tests.Support;
using Teal.Web.Sessions;
using Teal.Web.WebSockets;

namespace Teal.Tests.Dispatcher;

/// <summary>On which thread a client's messages are handled: those that watch sockets are not to wait for a journal.</summary>
public sealed class TealSessionTests
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
        var input = new Pipe(new PipeOptions(
            readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline, useSynchronizationContext: false));
        var output = new Pipe();
        var network = new DefaultConnectionContext { Transport = new Transport(input.Reader, output.Writer) };
        var (channel, session) = await ConnectAsync(network);
        var running = channel.RunAsync(session);
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

    private async Task<(WebSocketChannel Channel, IClientSession Session)> ConnectAsync(DefaultConnectionContext network)
    {
        var options = new DispatcherOptions();
        options.Channels.CloseTimeout = TimeSpan.FromMilliseconds(100);
        var bus = new InProcessEventBus(new InProcessBusOptions(), receivesOnPublisher: false, NullLogger<InProcessEventBus>.Instance);
        var budget = new SendBudget(options.Channels, new ChannelTable(options.Channels, TimeProvider.System), TimeProvider.System);
        var replayer = new Replayer(_journal, budget, TimeProvider.System, NullLogger<Replayer>.Instance);
        var registrations = new RegistrationTable(
            bus, _journal, replayer, new Outbox(), new RegistrationBudget(options), options, TimeProvider.System);
        await registrations.StartAsync(CancellationToken.None);
        var states = new MemoryCallbackStateStore(new CallbackStateOptions(), TimeProvider.System);
        var claims = new TopicClaims(
            _journal, states, registrations, new JournalOptions(), options, TimeProvider.System, NullLogger<TopicClaims>.Instance);
        var registrar = new Registrar(
            _journal, registrations, claims, new CursorOrigins(_journal), options, TimeProvider.System, NullLogger<Registrar>.Instance);
        var service = new StateService(states, _journal, new CallbackStateOptions(), TimeProvider.System);
        var requests = new CibaRequestService(
            new MemoryRecordStore(new RecordOptions(), TimeProvider.System), _journal, new RecordOptions(), TimeProvider.System);
        IMaker[] makers = [new CallbackMaker(service), new CibaRequestMaker(requests)];
        var creator = new Creator(service, makers, TimeProvider.System, NullLogger<Creator>.Instance);
        var refresher = new Refresher(
            new Unchanged(), new ChannelTable(options.Channels, TimeProvider.System), TimeProvider.System, NullLogger<Refresher>.Instance);
        var handler = new CommandHandler(creator, registrar, refresher);
        var services = new ChannelServices(budget, options.Channels, TimeProvider.System, NullLogger<ClientChannel>.Instance);
        var channel = new WebSocketChannel("test", null, network, services);
        var protocol = new TealProtocol(new ClassicDialect(), handler, NullLogger<TealSession>.Instance);
        return (channel, protocol.Open(channel, Identity.Anonymous));
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

        public ValueTask<string?> FindOwnerAsync(Topic topic, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<JournalPage> ReadAsync(Topic topic, long after, int limit, int size, CancellationToken cancellationToken) =>
            ValueTask.FromResult(new JournalPage([], 1, 0));

        public ValueTask<TealEvent> AppendAsync(
            TealEvent @event, EventRetention retention, Action<TealEvent> kept, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public ValueTask KeepUntilAsync(Topic topic, DateTime keepUntil, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public ValueTask<int> DeleteAsync(Topic topic, CancellationToken cancellationToken) => throw new NotSupportedException();
    }

    /// <summary>Nobody changes.</summary>
    private sealed class Unchanged : IIdentityRenewal
    {
        public ValueTask<Identity?> RenewAsync(Identity identity, CancellationToken cancellationToken) =>
            ValueTask.FromResult<Identity?>(identity);
    }
}
