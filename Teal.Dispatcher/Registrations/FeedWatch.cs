using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Teal.Core.Journal;

namespace Teal.Dispatcher.Registrations;

/// <summary>
/// Looks now and then what was appended to a journal that several processes share, and has registrations read what the bus did not bring:
/// because it is away, or because a listener ended between keeping an event and telling of it.
/// </summary>
internal sealed partial class FeedWatch(
    IEnumerable<IJournalFeed> feeds, RegistrationTable registrations, DispatcherOptions options, TimeProvider clock,
    ILogger<FeedWatch> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // A journal of one process has none: there the bus is in the process too.
        if (feeds.FirstOrDefault() is not { } feed) return;

        string? end = null;
        using var timer = new PeriodicTimer(options.FeedInterval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                end = await LookAsync(feed, end, stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                // It is away; afterwards nothing is known of what it holds.
                Log.NotRead(logger, exception.GetType().Name);
                end = null;
            }
        }
    }

    private async Task<string> LookAsync(IJournalFeed feed, string? end, CancellationToken stoppingToken)
    {
        if (end is null)
        {
            end = await feed.FindFeedEndAsync(stoppingToken);
            registrations.Resynchronize();
            return end;
        }

        JournalFeedPage page;
        do
        {
            page = await feed.ReadFeedAsync(end, stoppingToken);
            end = page.End;
            if (!page.IsComplete) registrations.Resynchronize();
            foreach (var (topic, position) in page.Appended) registrations.CatchUp(topic, position);
        }
        while (page.HasMore);

        return end;
    }

    private static partial class Log
    {
        [LoggerMessage(3051, LogLevel.Debug, "The journal's feed could not be read, and it is tried again: {Fault}")]
        public static partial void NotRead(ILogger logger, string fault);
    }
}
