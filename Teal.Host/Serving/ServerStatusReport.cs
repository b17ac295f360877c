using Microsoft.Extensions.DependencyInjection;
using Teal.Api.Status;
using Teal.Core.Hosting;
using Teal.Core.Journal;
using Teal.Host.Configuration;
using Teal.Web.Sessions;

namespace Teal.Host.Serving;

/// <summary>How the process is doing: what its parts say, put together.</summary>
internal sealed class ServerStatusReport(
    TealOptions options, IReadOnlyList<ModuleEndpoint> endpoints, Readiness readiness, IServiceProvider services, TimeProvider clock)
    : IServerStatus
{
    private readonly DateTime _startedAt = clock.GetUtcNow().UtcDateTime;

    /// <inheritdoc/>
    public async ValueTask<ServerStatus> AskAsync(CancellationToken cancellationToken)
    {
        var dependencies = await readiness.CheckAsync(cancellationToken);
        return new ServerStatus
        {
            Status = readiness.Describe(dependencies),
            Version = TealVersion.Text,
            ProcessId = Environment.ProcessId,
            StartedAt = _startedAt,
            Deployment = options.Deployment.ToString(),
            Modules = [.. options.Modules.Select(Describe)],
            Dependencies = dependencies.ToDictionary(
                static dependency => dependency.Name, static dependency => dependency.State.ToString().ToLowerInvariant()),
            Store = options.Store!.Describe(options, services),
            Bus = Banner.DescribeBus(options),
            Journal = services.GetService<IJournalUsage>() is { Usage: var held } ? new JournalStatus(held.Events, held.Size) : null,
            Connections = services.GetService<ChannelTable>() is { Count: var open } ? DescribeConnections(open) : null,
            Memory = Environment.WorkingSet,
        };
    }

    private ModuleStatus Describe(Module module) =>
        new(module.Name, endpoints.AddressOf(module, options).Text, module.PublicUrlOf(options)?.Base);

    private ConnectionStatus DescribeConnections(int open) =>
        new(open, options.Dispatcher.Channels.MaximumConnections, services.GetRequiredService<SendBudget>().Held);
}
