using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Teal.Core.Hosting;

namespace Teal.Host.Serving;

/// <summary>
/// Accepts connections that come many at once on the pool, a few at a time (<see cref="Arrivals"/>). Else the thread that watches the sockets would accept all that wait before it looks at
/// those that are there (<see cref="InlineSockets"/>).
/// </summary>
internal sealed class FairListenerFactory(SocketTransportFactory sockets) : IConnectionListenerFactory
{
    /// <inheritdoc/>
    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        new FairListener(await sockets.BindAsync(endpoint, cancellationToken));

    private sealed class FairListener(IConnectionListener listener) : IConnectionListener
    {
        // The web server accepts one after the other.
        private Arrivals _arrivals = new();

        public EndPoint EndPoint => listener.EndPoint;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            var accepting = listener.AcceptAsync(cancellationToken);
            if (!accepting.IsCompleted) return await accepting;

            // It waited for us, and others may wait behind it.
            await Task.Yield();
            ProcessorTurn.GiveWay();
            if (!_arrivals.TryAdd())
            {
                await _arrivals.WhenServedAsync(TimeProvider.System);
                _arrivals = new Arrivals();
                _arrivals.TryAdd();
            }

            var connection = await accepting;
            connection?.Features.Set(_arrivals);
            return connection;
        }

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default) => listener.UnbindAsync(cancellationToken);

        public ValueTask DisposeAsync() => listener.DisposeAsync();
    }
}
