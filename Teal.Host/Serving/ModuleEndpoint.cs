using Microsoft.AspNetCore.Server.Kestrel.Core;
using Teal.Dispatcher;
using Teal.Host.Configuration;

namespace Teal.Host.Serving;

/// <summary>
/// An address and the modules that answer there. It goes along with each connection that arrives there, so that a request
/// reaches a module by where it came in, whatever its <c>Host</c> header says.
/// </summary>
internal sealed class ModuleEndpoint(BindAddress address, IReadOnlySet<Module> modules)
{
    private ListenOptions? _listening;

    /// <summary>The modules.</summary>
    public IReadOnlySet<Module> Modules { get; } = modules;

    /// <summary>Where it is, for somebody on this machine; once the server runs, with the port that was taken for port 0.</summary>
    public BindAddress Address => _listening?.IPEndPoint is { } bound ? address with { Port = bound.Port } : address;

    /// <summary>One for each address that the process's modules have.</summary>
    public static IReadOnlyList<ModuleEndpoint> From(TealOptions options) =>
    [
        .. options.Modules.Order()
            .GroupBy(options.AddressOf)
            .SelectMany(static group => group.Key.Port == 0 ? group.Select(module => (group.Key, (IEnumerable<Module>)[module])) : [(group.Key, group)])
            .Select(static pair => new ModuleEndpoint(pair.Key, pair.Item2.ToHashSet())),
    ];

    /// <summary>Has the web server listen there.</summary>
    public void Listen(KestrelServerOptions kestrel, ConnectionBudget budget) => address.Listen(kestrel, listening =>
    {
        _listening = listening;
        listening.Protocols = HttpProtocols.Http1;
        listening.Use(next => async connection =>
        {
            if (!budget.TryTake())
            {
                connection.Abort();
                return;
            }

            try
            {
                connection.Features.Set(this);
                await next(connection);
            }
            finally
            {
                budget.Leave();
            }
        });
        listening.Use(static next => connection => FairTransport.RunAsync(connection, next));
        if (Modules.Contains(Module.Dispatcher)) listening.UseTealDispatcher();
    });
}
