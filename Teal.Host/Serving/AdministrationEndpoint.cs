using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Teal.Core.Identities;
using Teal.Host.Administration;
using Teal.Host.Configuration;
using Teal.Web.Door;

namespace Teal.Host.Serving;

/// <summary>
/// Where administrators of this machine come in (specification 10.2): the socket in the data folder, with the API alone. Who can open it
/// owns the folder, and needs no credential. A process without it does all its other work.
/// </summary>
internal sealed partial class AdministrationEndpoint : IDisposable
{
    // No account has such a name.
    private static readonly KnownSender Local = new(
        new Identity { Account = "@local", Permissions = Permissions.All, MayMakeCredentials = true }, "teal.sock");

    // Places of its own: it is there, too, where clients have taken all others.
    private const int Places = 16;

    private readonly AdministrationSocket? _socket;
    private readonly TealOptions _options;

    private AdministrationEndpoint(TealOptions options, AdministrationSocket? socket)
    {
        (_options, _socket) = (options, socket);
        if (socket is not null) Endpoint = new ModuleEndpoint(socket, [Module.Administration], Local);
    }

    /// <summary>The address, and what answers there; null: there is none.</summary>
    public ModuleEndpoint? Endpoint { get; }

    /// <summary>Binds the socket, where the process has a data folder; the log is told where that fails.</summary>
    public static AdministrationEndpoint Open(TealOptions options, ILogger<AdministrationEndpoint> logger)
    {
        if (!options.HasDataDirectory) return new AdministrationEndpoint(options, null);

        var socket = AdministrationSocket.TryOpen(options.Sqlite.DataDirectory, out var fault);
        if (fault is not null) Log.NoSocket(logger, fault);
        return new AdministrationEndpoint(options, socket);
    }

    /// <summary>Has the web server listen there.</summary>
    public void Listen(KestrelServerOptions kestrel) => Endpoint?.Listen(
        kestrel,
        ActivatorUtilities.CreateInstance<EndpointConnections>(
            kestrel.ApplicationServices, Endpoint, new ConnectionBudget(_options, Places)));

    /// <inheritdoc/>
    public void Dispose() => _socket?.Dispose();

    private static partial class Log
    {
        [LoggerMessage(
            5051, LogLevel.Warning,
            "The commands of this machine cannot reach this process, as there is no socket in Teal:DataDirectory: {Fault}")]
        public static partial void NoSocket(ILogger logger, string fault);
    }
}
