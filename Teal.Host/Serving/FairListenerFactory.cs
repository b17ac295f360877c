using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Teal.Core.Addresses;
using Teal.Core.Hosting;

namespace Teal.Host.Serving;

/// <summary>
/// Accepts connections that come many at once on the pool, a few at a time (<see cref="Arrivals"/>), and of one client after the other.
/// Else the thread that watches the sockets would accept all that wait before it looks at those that are there
/// (<see cref="InlineSockets"/>), and who comes behind a thousand of somebody else would wait for all of them.
/// </summary>
internal sealed class FairListenerFactory(SocketTransportFactory sockets, ConnectionBudget budget) : IConnectionListenerFactory
{
    private const UnixFileMode Everybody =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite |
        UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <inheritdoc/>
    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        endpoint is Http2EndPoint http2 ? http2.Listen() : new FairListener(await BindSocketAsync(endpoint, cancellationToken), budget);

    // The system's own words do not say where. Of this machine's own addresses the web server does, and it passes over that
    // one of the two is not there.
    private async ValueTask<IConnectionListener> BindSocketAsync(EndPoint endpoint, CancellationToken cancellationToken)
    {
        try
        {
            if (endpoint is not UnixDomainSocketEndPoint socket) return await sockets.BindAsync(endpoint, cancellationToken);

            await RemoveLeftSocketAsync(socket, cancellationToken);
            var listener = await sockets.BindAsync(endpoint, cancellationToken);

            // Who may look into its folder may connect; a proxy is another user, as a rule.
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(socket.ToString(), Everybody);
            return listener;
        }
        catch (SocketException exception) when (endpoint is not IPEndPoint { Address: var address } || !IPAddress.IsLoopback(address))
        {
            throw new IOException(
                $"Failed to bind to address http://{(endpoint is UnixDomainSocketEndPoint ? "unix:" : "")}{endpoint}: {exception.Message}",
                exception);
        }
    }

    // A process that was killed leaves its file, and nobody listens there.
    private static async Task RemoveLeftSocketAsync(UnixDomainSocketEndPoint endpoint, CancellationToken cancellationToken)
    {
        if (!FileKind.IsSocket(endpoint.ToString())) return;

        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await probe.ConnectAsync(endpoint, cancellationToken);
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionRefused)
        {
            File.Delete(endpoint.ToString());
        }
    }

    // The web server accepts one after the other.
    private sealed class FairListener(IConnectionListener listener, ConnectionBudget budget) : IConnectionListener
    {
        // How many are taken from the operating system before one is served.
        private const int Portion = 32;

        private readonly ClientQueue<ConnectionContext> _waiting = new();
        private Arrivals _arrivals = new();

        // The one that comes next, before it has come.
        private Task<ConnectionContext?>? _next;

        public EndPoint EndPoint => listener.EndPoint;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            if (_waiting.Count == 0)
            {
                // It comes alone.
                if (!IsThere(cancellationToken)) return await TakeNextAsync(cancellationToken);

                // It waited for us, and others may wait behind it.
                await Task.Yield();
            }

            ProcessorTurn.GiveWay();
            if (!_arrivals.TryAdd())
            {
                await _arrivals.WhenServedAsync(TimeProvider.System);
                _arrivals = new Arrivals();
                _arrivals.TryAdd();
            }

            await GatherAsync(cancellationToken);
            if (_waiting.TryDequeue(out var connection)) budget.Leave();
            else connection = await TakeNextAsync(cancellationToken);
            connection?.Features.Set(_arrivals);
            return connection;
        }

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default) => listener.UnbindAsync(cancellationToken);

        public async ValueTask DisposeAsync()
        {
            while (_waiting.TryDequeue(out var connection))
            {
                budget.Leave();
                connection.Abort();
                await connection.DisposeAsync();
            }

            await listener.DisposeAsync();
        }

        private bool IsThere(CancellationToken cancellationToken) =>
            (_next ??= listener.AcceptAsync(cancellationToken).AsTask()).IsCompleted;

        private Task<ConnectionContext?> TakeNextAsync(CancellationToken cancellationToken)
        {
            var next = _next ?? listener.AcceptAsync(cancellationToken).AsTask();
            _next = null;
            return next;
        }

        // Those that are there already, as long as there are places for them. Where there is none, somebody has to go for each
        // that is accepted.
        private async ValueTask GatherAsync(CancellationToken cancellationToken)
        {
            var room = budget.MaximumArrivals;
            for (var taken = 0; taken < Portion && _waiting.Count < room && IsThere(cancellationToken) && budget.TryTake(); taken++)
            {
                if (await TakeNextAsync(cancellationToken) is not { } connection)
                {
                    // There will be none any more, which the web server learns when it has those that wait.
                    budget.Leave();
                    _next = Task.FromResult<ConnectionContext?>(null);
                    return;
                }

                // A proxy counts as one of them: what it sends on comes on few connections, which it uses again.
                _waiting.Enqueue(
                    connection.RemoteEndPoint is IPEndPoint { Address: var address } ? ClientNetwork.Of(address) : null, connection);
            }
        }
    }
}
