using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using BenchmarkDotNet.Attributes;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging.Abstractions;
using Teal.Core.Bus;
using Teal.Core.Ciba;
using Teal.Core.Events;
using Teal.Core.Identities;
using Teal.Core.Journal;
using Teal.Core.Kinds;
using Teal.Core.Records;
using Teal.Core.States;
using Teal.Dispatcher;
using Teal.Dispatcher.Commands;
using Teal.Dispatcher.Protocols;
using Teal.Dispatcher.Registrations;
using Teal.Web.Sessions;
using Teal.Web.WebSockets;

namespace Teal.Benchmarks.Micro;

/// <summary>
/// One event from the bus through the registrations and queues of its clients until their sockets have it, which take it at once.
/// </summary>
public class FanOutBenchmark
{
    private readonly Topic _topic = new(EventKinds.Callback, Samples.State);
    private readonly MemoryEventJournal _journal = new(new JournalOptions(), TimeProvider.System);
    private readonly StrongBox<int> _flushed = new();
    private RegistrationTable? _registrations;
    private long _position;
    private int _expected;

    [Params(1, 100, 1000)]
    public int Clients { get; set; }

    [GlobalSetup]
    public async Task Register()
    {
        var options = new DispatcherOptions();
        var bus = new InProcessEventBus(new InProcessBusOptions(), receivesOnPublisher: false, NullLogger<InProcessEventBus>.Instance);
        var table = new ChannelTable(options.Channels, TimeProvider.System);
        var budget = new SendBudget(options.Channels, table, TimeProvider.System);
        var channels = new ChannelServices(budget, options.Channels, TimeProvider.System, NullLogger<ClientChannel>.Instance);
        var replayer = new Replayer(_journal, budget, TimeProvider.System, NullLogger<Replayer>.Instance);
        _registrations = new RegistrationTable(
            bus, _journal, replayer, new Outbox(), new RegistrationBudget(options), options, TimeProvider.System);
        await _registrations.StartAsync(CancellationToken.None);
        var states = new MemoryCallbackStateStore(new CallbackStateOptions(), TimeProvider.System);
        var claims = new TopicClaims(
            _journal, states, _registrations, new JournalOptions(), options, TimeProvider.System, NullLogger<TopicClaims>.Instance);
        var registrar = new Registrar(
            _journal, _registrations, claims, new CursorOrigins(_journal), options, TimeProvider.System, NullLogger<Registrar>.Instance);
        var service = new StateService(states, _journal, new CallbackStateOptions(), TimeProvider.System);
        var requests = new CibaRequestService(
            new MemoryRecordStore(new RecordOptions(), TimeProvider.System), _journal, new RecordOptions(), TimeProvider.System);
        IMaker[] makers = [new CallbackMaker(service), new CibaRequestMaker(requests)];
        var creator = new Creator(service, makers, TimeProvider.System, NullLogger<Creator>.Instance);
        var refresher = new Refresher(
            new Unchanged(), new ChannelTable(options.Channels, TimeProvider.System), TimeProvider.System, NullLogger<Refresher>.Instance);
        var handler = new CommandHandler(creator, registrar, refresher);
        var protocol = new TealProtocol(new ClassicDialect(), handler, NullLogger<TealSession>.Instance);
        _position = await _journal.FindEndAsync(_topic, CancellationToken.None);
        for (var i = 0; i < Clients; i++)
        {
            var network = new DefaultConnectionContext { Transport = new DuplexPipe(new Pipe().Reader, new TakingPipe(_flushed)) };
            var channel = new WebSocketChannel("benchmark", null, network, channels);
            var subscriber = (ISubscriber)protocol.Open(channel, Identity.Anonymous);
            var beginning = new Beginning(_position, IsInstant: false);
            _registrations.Begin(_registrations.Add(_topic, subscriber, Sight.Unlimited, beginning)!.Value.Registration);
        }
    }

    [Benchmark]
    public void Receive()
    {
        var previous = _position++;
        _expected += Clients;
        _registrations!.Receive(Samples.Callback(Samples.State) with { Place = new EventPlace(_journal.Id, _position, previous) });

        // Those of many are sent by threads of the pool.
        while (Volatile.Read(ref _flushed.Value) != _expected) Thread.SpinWait(20);
    }

    private sealed record DuplexPipe(PipeReader Input, PipeWriter Output) : IDuplexPipe;

    /// <summary>Takes all at once, and brings nothing.</summary>
    private sealed class TakingPipe(StrongBox<int> flushed) : PipeWriter
    {
        private readonly byte[] _buffer = new byte[64 * 1024];

        public override void Advance(int bytes)
        {
        }

        public override Memory<byte> GetMemory(int sizeHint = 0) => _buffer;

        public override Span<byte> GetSpan(int sizeHint = 0) => _buffer;

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
        {
            Interlocked.Increment(ref flushed.Value);
            return default;
        }

        public override void CancelPendingFlush()
        {
        }

        public override void Complete(Exception? exception = null)
        {
        }
    }

    /// <summary>Nobody changes.</summary>
    private sealed class Unchanged : IIdentityRenewal
    {
        public ValueTask<Identity?> RenewAsync(Identity identity, CancellationToken cancellationToken) =>
            ValueTask.FromResult<Identity?>(identity);
    }
}
