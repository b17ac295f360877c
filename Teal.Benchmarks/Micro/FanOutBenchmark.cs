using System.Net.WebSockets;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Logging.Abstractions;
using Teal.Core.Bus;
using Teal.Core.Events;
using Teal.Core.Journal;
using Teal.Core.States;
using Teal.Dispatcher;
using Teal.Dispatcher.Authentication;
using Teal.Dispatcher.Connections;
using Teal.Dispatcher.Protocols;
using Teal.Dispatcher.Registrations;
using Teal.Dispatcher.Requests;

namespace Teal.Benchmarks.Micro;

/// <summary>One event from the bus through the registrations and queues of its clients, whose sockets take it at once.</summary>
public class FanOutBenchmark
{
    private readonly Topic _topic = new(EventKind.Callback, Samples.State);
    private readonly MemoryEventJournal _journal = new(new JournalOptions(), TimeProvider.System);
    private RegistrationTable? _registrations;
    private long _position;

    [Params(1, 100, 1000)]
    public int Clients { get; set; }

    [GlobalSetup]
    public async Task Register()
    {
        var options = new DispatcherOptions();
        var bus = new InProcessEventBus(new EventPublisherOptions(), NullLogger<InProcessEventBus>.Instance);
        var replayer = new Replayer(_journal, TimeProvider.System, NullLogger<Replayer>.Instance);
        _registrations = new RegistrationTable(bus, _journal, replayer, options, TimeProvider.System);
        await _registrations.StartAsync(CancellationToken.None);
        var states = new MemoryCallbackStateStore(new CallbackStateOptions(), TimeProvider.System);
        var handler = new RequestHandler(states, _journal, _registrations, options, TimeProvider.System, NullLogger<RequestHandler>.Instance);
        var protocol = new ClassicProtocol();
        _position = await _journal.FindEndAsync(_topic, CancellationToken.None);
        for (var i = 0; i < Clients; i++)
        {
            var connection = new ClientConnection(
                "benchmark", new Identity(Identity.AnonymousName), protocol, new TakingSocket(), handler, options, TimeProvider.System, NullLogger.Instance);
            _registrations.Begin(_registrations.Add(_topic, connection, _position, isInstant: false).Registration);
        }
    }

    [Benchmark]
    public void Receive()
    {
        var previous = _position++;
        _registrations!.Receive(Samples.Callback(Samples.State) with { Place = new EventPlace(_journal.Id, _position, previous) });
    }

    /// <summary>Takes all, and brings nothing.</summary>
    private sealed class TakingSocket : WebSocket
    {
        public override WebSocketCloseStatus? CloseStatus => null;

        public override string? CloseStatusDescription => null;

        public override WebSocketState State => WebSocketState.Open;

        public override string? SubProtocol => null;

        public override void Abort()
        {
        }

        public override Task CloseAsync(WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken) => Task.CompletedTask;

        public override Task CloseOutputAsync(WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken) => Task.CompletedTask;

        public override void Dispose()
        {
        }

        public override Task<WebSocketReceiveResult> ReceiveAsync(ArraySegment<byte> buffer, CancellationToken cancellationToken) =>
            Task.FromException<WebSocketReceiveResult>(new NotSupportedException());

        public override Task SendAsync(ArraySegment<byte> buffer, WebSocketMessageType messageType, bool endOfMessage, CancellationToken cancellationToken) => Task.CompletedTask;

        public override ValueTask SendAsync(ReadOnlyMemory<byte> buffer, WebSocketMessageType messageType, bool endOfMessage, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }
}
