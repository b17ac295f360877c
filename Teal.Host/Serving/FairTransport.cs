using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;

namespace Teal.Host.Serving;

/// <summary>
/// A network connection that leaves the thread which watches its socket to others. What arrives is served there, as <see cref="InlineSockets"/> says; but
/// whoever sends without pause would have that thread for themselves, and goes on on the pool.
/// </summary>
internal sealed class FairTransport(IDuplexPipe transport) : IDuplexPipe
{
    /// <inheritdoc/>
    public PipeReader Input { get; } = new FairReader(transport.Input);

    /// <inheritdoc/>
    public PipeWriter Output => transport.Output;

    /// <summary>The connection's middleware.</summary>
    public static async Task RunAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        var transport = connection.Transport;
        connection.Transport = new FairTransport(transport);
        try
        {
            await next(connection);
        }
        finally
        {
            connection.Transport = transport;
        }
    }

    private sealed class FairReader(PipeReader input) : PipeReader
    {
        // A request after the other, from one connection, is less.
        private const int MostTurns = 256;
        private const int WindowInMilliseconds = 10;

        private long _windowBegan;
        private int _turns;

        public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) =>
            IsWithinItsShare() ? input.ReadAsync(cancellationToken) : ReadOnPoolAsync(cancellationToken);

        public override bool TryRead(out ReadResult result) => input.TryRead(out result);

        public override void AdvanceTo(SequencePosition consumed) => input.AdvanceTo(consumed);

        public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => input.AdvanceTo(consumed, examined);

        public override void CancelPendingRead() => input.CancelPendingRead();

        public override void Complete(Exception? exception = null) => input.Complete(exception);

        private bool IsWithinItsShare()
        {
            var now = Environment.TickCount64;
            if (now - _windowBegan >= WindowInMilliseconds) (_windowBegan, _turns) = (now, 0);
            return ++_turns <= MostTurns;
        }

        private async ValueTask<ReadResult> ReadOnPoolAsync(CancellationToken cancellationToken)
        {
            var result = await input.ReadAsync(cancellationToken);
            await Task.Yield();
            return result;
        }
    }
}
