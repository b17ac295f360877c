using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Teal.Core.Hosting;
using Teal.Core.Identities;

namespace Teal.Web.Sessions;

/// <summary>
/// Looks every <see cref="ChannelOptions.IdentityInterval"/> what became of the identities of those who are connected (specification 8.7).
/// Each identity is asked for once, however many connections it has. Where one changed its sessions are told, and where its credential is
/// over its channels end.
/// </summary>
internal sealed partial class IdentityWatch(
    ChannelTable channels, IIdentityRenewal renewal, ChannelOptions options, TimeProvider clock, ILogger<IdentityWatch> logger)
    : BackgroundService
{
    // How many channels are looked at before other work has its turn, and how many identities are asked for at once.
    private const int Portion = 64;

    private readonly RepeatedMessage _notAsked =
        new(logger, LogLevel.Warning, "It could not be asked whether the credentials of clients still count", clock);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.IdentityInterval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken)) await LookAsync(stoppingToken);
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        // What is over by the clock needs nobody to be asked, who may be away.
        var now = clock.GetUtcNow().UtcDateTime;
        var (ended, others) = (new Dictionary<Identity, Identity?>(), new List<Identity>());
        foreach (var identity in channels.Identities)
        {
            if (identity.ExpiresAt <= now) ended.Add(identity, null);
            else others.Add(identity);
        }

        await ApplyAsync(ended);
        await ApplyAsync(await AskAsync(others, cancellationToken));
    }

    // Those that changed.
    private async Task<Dictionary<Identity, Identity?>> AskAsync(List<Identity> identities, CancellationToken cancellationToken)
    {
        var changes = new Dictionary<Identity, Identity?>();
        try
        {
            foreach (var portion in identities.Chunk(Portion))
            {
                var renewed = await Task.WhenAll(portion.Select(identity => renewal.RenewAsync(identity, cancellationToken).AsTask()));
                for (var i = 0; i < portion.Length; i++)
                {
                    if (renewed[i] != portion[i]) changes.Add(portion[i], renewed[i]);
                }
            }

            if (_notAsked.TryEnd()) Log.AskedAgain(logger);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Whoever cannot be asked for one identity cannot be asked for the others.
            var fault = StoreException.Describe(exception);
            if (_notAsked.IsNew(fault)) Log.NotAsked(logger, fault);
        }

        return changes;
    }

    private async Task ApplyAsync(Dictionary<Identity, Identity?> changes)
    {
        if (changes.Count == 0) return;

        var (ended, looked) = (0, 0);
        foreach (var (channel, session) in channels.Clients)
        {
            if (channel.Identity is { } identity && changes.TryGetValue(identity, out var current)
                && channels.TryIdentify(channel, identity, current))
            {
                if (current is not null)
                {
                    session.Renew(current);
                }
                else if (!channel.IsClosing)
                {
                    _ = channel.CloseAsync(CloseReason.CredentialsOver);
                    ended++;
                }
            }

            if (++looked % Portion == 0) await Task.Yield();
        }

        if (ended > 0) Log.Ended(logger, ended);
    }

    private static partial class Log
    {
        [LoggerMessage(8041, LogLevel.Information, "{Count} connections ended, as their credentials are over")]
        public static partial void Ended(ILogger logger, int count);

        [LoggerMessage(8042, LogLevel.Warning,
            "It could not be asked whether the credentials of clients still count ({Fault}); their connections stay as they are")]
        public static partial void NotAsked(ILogger logger, string fault);

        [LoggerMessage(8043, LogLevel.Information, "It can be asked again whether the credentials of clients still count")]
        public static partial void AskedAgain(ILogger logger);
    }
}
