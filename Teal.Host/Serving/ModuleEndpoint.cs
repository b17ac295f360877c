using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Teal.Host.Configuration;
using Teal.Web.Door;

namespace Teal.Host.Serving;

/// <summary>
/// An address and the modules that answer there. It goes along with each connection that arrives there, so that a request
/// reaches a module by where it came in, whatever its <c>Host</c> header says.
/// </summary>
internal sealed class ModuleEndpoint(BindAddress address, IReadOnlyList<Module> modules)
{
    private readonly KnownSender? _sender;
    private readonly EndPoint? _socket;
    private readonly Http2EndPoint _http2 = new(address.Text);
    private ListenOptions? _listening;

    /// <summary>One where only one sender can arrive.</summary>
    /// <param name="socket">A socket that is bound already.</param>
    /// <param name="modules">The modules.</param>
    /// <param name="sender">The sender.</param>
    public ModuleEndpoint(EndPoint socket, IReadOnlyList<Module> modules, KnownSender sender)
        : this(new BindAddress($"{socket}", -1), modules) => (_socket, _sender) = (socket, sender);

    /// <summary>The modules.</summary>
    public IReadOnlyList<Module> Modules { get; } = modules;

    /// <summary>Whether end users come there, who are shown pages.</summary>
    public bool HasPages { get; } = modules.Any(static module => module.HasPages);

    /// <summary>Where it is, for somebody on this machine; once the server runs, with the port that was taken for port 0.</summary>
    public BindAddress Address => _listening?.IPEndPoint is { } bound ? address with { Port = bound.Port } : address;

    /// <summary>One for each address that the process's modules have.</summary>
    public static IReadOnlyList<ModuleEndpoint> From(TealOptions options) =>
    [
        .. options.Modules
            .GroupBy(module => module.AddressOf(options))
            .SelectMany(static group => group.Key.Port == 0
                ? group.Select(module => (group.Key, (IEnumerable<Module>)[module])) : [(group.Key, group)])
            .Select(static pair => new ModuleEndpoint(pair.Key, [.. pair.Item2])),
    ];

    /// <summary>Has the web server listen there.</summary>
    /// <param name="kestrel">The web server.</param>
    /// <param name="connections">The connections of this address.</param>
    public void Listen(KestrelServerOptions kestrel, EndpointConnections connections)
    {
        if (_socket is null) address.Listen(kestrel, Configure);
        else kestrel.Listen(_socket, Configure);
        kestrel.Listen(_http2, static listening => listening.Protocols = HttpProtocols.Http2);

        void Configure(ListenOptions listening)
        {
            _listening = listening;
            listening.Protocols = HttpProtocols.Http1;
            listening.Use(next => connection => ServeAsync(connection, connections, next));
            foreach (var module in Modules) module.UseOnConnections(listening);
        }
    }

    private async Task ServeAsync(ConnectionContext connection, EndpointConnections connections, ConnectionDelegate next)
    {
        var transport = connection.Transport;
        var fair = new FairTransport(transport, connection.Features.Get<Arrivals>());
        connection.Features.Set<Arrivals>(null);
        if (connections.TryEnter(connection, fair) is not { } entered)
        {
            fair.End();
            connection.Abort();
            return;
        }

        try
        {
            connection.Transport = fair;
            fair.Tell(entered);
            entered.KeepHalfClosed();
            connection.Features.Set(this);
            connection.Features.Set(_sender);
            connection.Features.Set(entered);
            connection.Features.Set(entered.Head);
            connection.Features.Set<IDecrementConcurrentConnectionCountFeature>(entered);
            connection.Features.Get<IConnectionHeartbeatFeature>()?.OnHeartbeat(
                static entered => ((EndpointConnection)entered).Beat(), entered);
            connection.Features.Set<IConnectionHeartbeatFeature>(entered);
            await next(connection);
            if (!fair.IsHttp2) return;

            connection.Transport = new FairTransport(transport);
            await entered.GoOnAsHttp2Async(_http2);
        }
        finally
        {
            fair.End();
            connection.Transport = transport;
            entered.Leave();
        }
    }
}
