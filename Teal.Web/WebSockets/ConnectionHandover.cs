using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Teal.Web.WebSockets;

/// <summary>
/// Lets a websocket outlive the request that opened it. The web server keeps an upgraded connection's request, its headers and its parser
/// as long as its handler runs, which for thousands of clients that wait for minutes is most of their memory. Here the handler ends after
/// the handshake, the web server lets go of all that, and the network connection goes on to whom it was promised.
/// </summary>
internal sealed class ConnectionHandover : IDuplexPipe, IConnectionHeartbeatFeature
{
    private readonly OpenPipeWriter _output;
    private List<(Action<object> Action, object State)>? _heartbeats;
    private Func<ConnectionContext, Task>? _successor;

    private ConnectionHandover(IDuplexPipe transport)
    {
        Input = transport.Input;
        _output = new OpenPipeWriter(transport.Output);
    }

    /// <inheritdoc/>
    public PipeReader Input { get; }

    /// <inheritdoc/>
    public PipeWriter Output => _output;

    /// <summary>The connection's middleware: serves HTTP, and then whom the connection was promised to, if anybody.</summary>
    public static async Task RunAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        var transport = connection.Transport;
        var handover = new ConnectionHandover(transport);
        var heartbeat = connection.Features.Get<IConnectionHeartbeatFeature>();
        connection.Transport = handover;
        connection.Features.Set(handover);
        connection.Features.Set<IConnectionHeartbeatFeature>(handover);
        heartbeat?.OnHeartbeat(static handover => ((ConnectionHandover)handover).Beat(), handover);
        try
        {
            await next(connection);
        }
        finally
        {
            connection.Transport = transport;
            if (handover._successor is { } successor)
            {
                // What the web server had is not needed any more, and nothing may hold it.
                handover._heartbeats = null;
                connection.Features.Set<ConnectionHandover>(null);
                await successor(connection);
            }
            else
            {
                await transport.Output.CompleteAsync();
            }
        }
    }

    /// <summary>
    /// Promises the connection; it is handed over once the request is over, whose answer is the last thing in HTTP. The
    /// successor must not throw.
    /// </summary>
    public void Promise(Func<ConnectionContext, Task> successor) => _successor = successor;

    /// <inheritdoc/>
    public void OnHeartbeat(Action<object> action, object state) => (_heartbeats ??= []).Add((action, state));

    private void Beat()
    {
        if (_heartbeats is not { } heartbeats) return;
        foreach (var (action, state) in heartbeats) action(state);
    }

    /// <summary>Stays open when the web server is done with it.</summary>
    private sealed class OpenPipeWriter(PipeWriter output) : PipeWriter
    {
        public override bool CanGetUnflushedBytes => output.CanGetUnflushedBytes;

        public override long UnflushedBytes => output.UnflushedBytes;

        public override void Advance(int bytes) => output.Advance(bytes);

        public override Memory<byte> GetMemory(int sizeHint = 0) => output.GetMemory(sizeHint);

        public override Span<byte> GetSpan(int sizeHint = 0) => output.GetSpan(sizeHint);

        public override void CancelPendingFlush() => output.CancelPendingFlush();

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) =>
            output.FlushAsync(cancellationToken);

        public override void Complete(Exception? exception = null)
        {
            // The connection completes it.
        }
    }
}
