using Teal.Core.Hosting;

namespace Teal.Dispatcher.Connections;

/// <summary>Tells the clients, as the first thing of a planned stop, that they had better connect elsewhere.</summary>
internal sealed class DrainingNotice(ConnectionTable connections) : IDrainStep
{
    /// <inheritdoc/>
    public DrainStage Stage => DrainStage.Intake;

    /// <inheritdoc/>
    public Task DrainAsync(CancellationToken cancellationToken)
    {
        connections.Announce();
        return Task.CompletedTask;
    }
}
