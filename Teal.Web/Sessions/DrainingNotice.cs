using Teal.Core.Hosting;

namespace Teal.Web.Sessions;

/// <summary>Tells the clients, as the first thing of a planned stop, that they had better connect elsewhere.</summary>
internal sealed class DrainingNotice(ChannelTable channels) : IDrainStep
{
    /// <inheritdoc/>
    public DrainStage Stage => DrainStage.Intake;

    /// <inheritdoc/>
    public Task DrainAsync(CancellationToken cancellationToken)
    {
        channels.Announce();
        return Task.CompletedTask;
    }
}
