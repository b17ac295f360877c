using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Teal.Core.Events;
using Teal.Core.Journal;
using Teal.Core.Kinds;
using Teal.Core.States;

namespace Teal.Dispatcher.Registrations;

/// <summary>
/// Claims the topics that clients register for (<see cref="IEventJournal.ClaimAsync"/>), and again as long as they are registered. A stored
/// state needs no claim: the listener knows that somebody asked for it.
/// </summary>
internal sealed partial class TopicClaims(
    IEventJournal journal, ICallbackStateStore states, RegistrationTable registrations, JournalOptions retention, DispatcherOptions options,
    TimeProvider clock, ILogger<TopicClaims> logger) : BackgroundService
{
    private static readonly TimeSpan LongestInterval = TimeSpan.FromHours(1);

    // A claim lasts as long as events of its kind are kept.
    private readonly TimeSpan _interval =
        EventKinds.All.Select(kind => retention.RetentionOf(kind) / 3).Append(LongestInterval).Min();

    /// <summary>Claims a topic. The registration does not wait for it, as events that came before are claimed, too. Never throws.</summary>
    public async Task ClaimAsync(Topic topic)
    {
        try
        {
            if (topic.Kind.HasStates
                && (!options.HasFreestandingStates || await states.FindAsync(topic.Key, CancellationToken.None) is not null))
                return;

            await journal.ClaimAsync(topic, CancellationToken.None);
        }
        catch (Exception exception)
        {
            // It is away. Until the next time the topic's events are as safe as those of any stranger.
            Log.NotClaimed(logger, topic.Kind, exception.GetType().Name);
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            foreach (var topic in registrations.Topics)
            {
                stoppingToken.ThrowIfCancellationRequested();
                await ClaimAsync(topic);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(3061, LogLevel.Debug, "A topic of the kind {Kind} could not be claimed, and it is tried again: {Fault}")]
        public static partial void NotClaimed(ILogger logger, EventKind kind, string fault);
    }
}
