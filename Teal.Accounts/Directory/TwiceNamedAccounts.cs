using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Teal.Core.Configuration;
using Teal.Core.Hosting;
using Teal.Core.Records;

namespace Teal.Accounts.Directory;

/// <summary>Tells the log of accounts that are in the settings and in the store: at the start, and behind each reload.</summary>
internal sealed partial class TwiceNamedAccounts(
    IRecordStore store, Live<AccountOptions> live, TimeProvider clock, ILogger<TwiceNamedAccounts> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        AccountOptions? seen = null;
        using var timer = new PeriodicTimer(Interval, clock);
        do
        {
            if (live.Now is var now && now != seen && await TryTellAsync(now, stoppingToken)) seen = now;
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task<bool> TryTellAsync(AccountOptions options, CancellationToken cancellationToken)
    {
        if (options.Accounts.Count == 0) return true;

        try
        {
            await foreach (var record in store.ListAsync(AccountRecord.Collection, "", cancellationToken))
            {
                if (options.Accounts.ContainsKey(record.Key)) Log.Twice(logger, record.Key);
            }

            return true;
        }
        catch (StoreException)
        {
            // It is away: the next time, then.
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            9003, LogLevel.Warning, "The account {Account} is in the settings and in the store; the settings win (teal account remove)")]
        public static partial void Twice(ILogger logger, string account);
    }
}
