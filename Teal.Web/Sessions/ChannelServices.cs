using Microsoft.Extensions.Logging;
using Teal.Core.Hosting;

namespace Teal.Web.Sessions;

/// <summary>What all channels of a process need; one object, so that each of thousands refers to one thing.</summary>
/// <param name="budget">What may wait for each client, and for all together.</param>
/// <param name="options">The settings.</param>
/// <param name="clock">The clock.</param>
/// <param name="logger">The log.</param>
public sealed class ChannelServices(SendBudget budget, ChannelOptions options, TimeProvider clock, ILogger<ClientChannel> logger)
{
    /// <summary>What may wait for each client, and for all together.</summary>
    public SendBudget Budget => budget;

    /// <summary>The settings.</summary>
    public ChannelOptions Options => options;

    /// <summary>The clock.</summary>
    public TimeProvider Clock => clock;

    /// <summary>The log.</summary>
    public ILogger Logger => logger;

    /// <summary>What the log is told of clients that read too slowly.</summary>
    public RepeatedMessage TooSlow { get; } = new(logger, LogLevel.Warning, "Clients that read too slowly were disconnected", clock);
}
