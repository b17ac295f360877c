using Microsoft.Extensions.Hosting;

namespace Teal.Web.Sessions;

/// <summary>
/// Pings the clients that have been silent for <see cref="ChannelOptions.PingInterval"/>, and gives up those whose answer is missing for
/// <see cref="ChannelOptions.PongTimeout"/>, or that took nothing for so long. One timer looks after all of them.
/// </summary>
internal sealed class KeepAlive(ChannelTable channels, SendBudget budget, ChannelOptions options, TimeProvider clock) : BackgroundService
{
    // How many are looked at before other work has its turn.
    private const int Portion = 64;

    private static readonly TimeSpan LongestInterval = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var shortest = options.PingInterval < options.PongTimeout ? options.PingInterval : options.PongTimeout;
        var interval = shortest / 8 < LongestInterval ? shortest / 8 : LongestInterval;
        using var timer = new PeriodicTimer(interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var looked = 0;
            foreach (var channel in channels.All)
            {
                channel.KeepAlive();
                if (++looked % Portion == 0) await Task.Yield();
            }

            budget.MakeRoomForReplays();
        }
    }
}
