using System.IO.Pipelines;
using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace Teal.Host.Serving;

/// <summary>
/// Where HTTP/2 without TLS is served. The web server speaks one version at an address without TLS, and that is HTTP/1.1; a connection that
/// begins as HTTP/2 with prior knowledge does (RFC 9113 section 3.3) goes on here, inside of the process.
/// </summary>
/// <param name="name">The address outside.</param>
internal sealed class Http2EndPoint(string name) : EndPoint
{
    private readonly Channel<ConnectionContext> _connections = Channel.CreateUnbounded<ConnectionContext>();

    /// <inheritdoc/>
    public override string ToString() => $"{name} (HTTP/2)";

    /// <summary>Has a connection served, and returns the one that stands for it there, with the task that ends with it.</summary>
    public (ConnectionContext Connection, Task Served) Serve(ConnectionContext connection)
    {
        var guest = new Guest(connection);
        if (!_connections.Writer.TryWrite(guest)) return (guest, Task.CompletedTask);

        return (guest, guest.Served);
    }

    /// <summary>What the web server accepts from.</summary>
    public IConnectionListener Listen() => new Listener(this);

    private sealed class Listener(Http2EndPoint endPoint) : IConnectionListener
    {
        public EndPoint EndPoint => endPoint;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default) =>
            await endPoint._connections.Reader.WaitToReadAsync(cancellationToken)
            && endPoint._connections.Reader.TryRead(out var connection)
                ? connection : null;

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
        {
            endPoint._connections.Writer.TryComplete();
            return ValueTask.CompletedTask;
        }

        public ValueTask DisposeAsync() => UnbindAsync();
    }

    // The same connection, which its owner ends, with room for what the web server keeps of it here.
    private sealed class Guest(ConnectionContext owner) : ConnectionContext
    {
        private readonly TaskCompletionSource _served = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Served => _served.Task;

        public override string ConnectionId { get; set; } = owner.ConnectionId;

        public override IFeatureCollection Features { get; } = new FeatureCollection(owner.Features);

        public override IDictionary<object, object?> Items { get; set; } = new Dictionary<object, object?>();

        public override IDuplexPipe Transport { get; set; } = owner.Transport;

        public override CancellationToken ConnectionClosed { get; set; } = owner.ConnectionClosed;

        public override EndPoint? LocalEndPoint { get; set; } = owner.LocalEndPoint;

        public override EndPoint? RemoteEndPoint { get; set; } = owner.RemoteEndPoint;

        public override void Abort(ConnectionAbortedException abortReason) => owner.Abort(abortReason);

        public override ValueTask DisposeAsync()
        {
            _served.TrySetResult();
            return base.DisposeAsync();
        }
    }
}
