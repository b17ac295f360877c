using Microsoft.Extensions.Logging;
using Teal.Core.Events;
using Teal.Core.Hosting;
using Teal.Core.Journal;
using Teal.Web.Sessions;

namespace Teal.Dispatcher.Registrations;

/// <summary>
/// Brings registrations from where they are to the end of their topics, from the journal. A client's registrations take turns, a page at a
/// time, and none is read before the client has taken most of what was sent: memory stays bounded whatever is kept. The pages are short, so
/// that events which come meanwhile go on at their pace, however many clients catch up.
/// </summary>
internal sealed partial class Replayer(IEventJournal journal, SendBudget budget, TimeProvider clock, ILogger<Replayer> logger) : IDisposable
{
    private const int MostReaders = 16;
    private const int PageLength = 128;
    private const int PageSize = 64 * 1024;

    // To how many clients a page is sent before other work has its turn.
    private const int Portion = 8;

    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(1);

    // How often replays look whether the budget has room again.
    private static readonly TimeSpan BudgetInterval = TimeSpan.FromMilliseconds(50);

    private readonly ReplayTurns _turns = new(MostReaders);

    // Pages with a large event are sent one after the other: encoded, it may be six times as large.
    private readonly SemaphoreSlim _large = new(1);

    // 1: the last read failed, and that was said.
    private int _isFailing;

    /// <summary>
    /// Has a new registration catch up: most have nothing to catch up with, and are live at once, however many others wait.
    /// </summary>
    public void Begin(Registration registration)
    {
        if (registration.TryBegin()) _ = BeginAsync(registration);
    }

    /// <summary>Has the registration catch up, unless it does so already.</summary>
    public void Start(Registration registration)
    {
        if (registration.TryBeginReplay()) Run(registration);
    }

    /// <summary>The same for a registration that knows already that it has to.</summary>
    public void Run(Registration registration)
    {
        if (registration.Subscriber.Replays.TryEnter(registration)) _ = WaitAsync(registration);
    }

    public void Dispose() => _large.Dispose();

    private async Task BeginAsync(Registration registration)
    {
        try
        {
            var after = registration.Position;
            var end = await journal.ReadAsync(registration.Topic, after, 0, 0, CancellationToken.None);
            if (end.Last <= after && !JournalGap.IsPossible(registration, end) && registration.TryGoLive(end.Last)) return;
        }
        catch (Exception)
        {
            // The journal is away, which whoever has the next turn learns too.
        }

        Run(registration);
    }

    // Waits until the client has taken most of what was sent, and then for a turn.
    private async Task WaitAsync(Registration registration)
    {
        await registration.Subscriber.Channel.Queue.WaitForRoomAsync();
        if (_turns.Add(registration)) _ = Task.Run(ReadAsync);
    }

    // The turn of the client's next registration, or of the same again.
    private void GoOn(Registration registration, bool isDone)
    {
        var next = registration.Subscriber.Replays.Next(isDone ? null : registration);
        while (next is not null && IsOver(next)) next = next.Subscriber.Replays.Next(null);
        if (next is not null) _ = WaitAsync(next);
    }

    private async Task ReadAsync()
    {
        Topic? topic = null;
        while (_turns.Next(topic) is { } turn)
        {
            topic = turn.Topic;
            await TakeAsync(turn);
            await Task.Yield();
        }
    }

    private async Task TakeAsync(ReplayTurn turn)
    {
        var sent = 0;
        var isLarge = false;
        try
        {
            while (!budget.HasRoomForReplays) await Task.Delay(BudgetInterval, clock);
            var page = await journal.ReadAsync(turn.Topic, turn.After, PageLength, PageSize, CancellationToken.None);
            if (Volatile.Read(ref _isFailing) == 1 && Interlocked.Exchange(ref _isFailing, 0) == 1) Log.ReadAgain(logger);
            if (page.Events.Sum(static kept => (long)kept.Size) > PageSize)
            {
                await _large.WaitAsync();
                isLarge = true;
                while (!budget.HasRoomForLargeReplays) await Task.Delay(BudgetInterval, clock);
            }

            var lastOwner = turn.Registrations.Exists(waiting => waiting.Sight.IsLimited && JournalGap.IsPossible(waiting, page))
                ? await journal.FindOwnerAsync(turn.Topic, CancellationToken.None) : null;
            EventFrames[] frames = [.. page.Events.Select(static kept => new EventFrames(kept))];
            foreach (var registration in turn.Registrations)
            {
                if (sent > 0 && sent % Portion == 0) await Task.Yield();
                GoOn(registration, Send(registration, page, lastOwner, frames));
                sent++;
            }
        }
        catch (Exception exception)
        {
            // The journal is away; what it holds is sent when it is back.
            if (Interlocked.Exchange(ref _isFailing, 1) == 0) Log.NotRead(logger, StoreException.Describe(exception));
            _ = TryAgainAsync(turn.Registrations[sent..]);
        }
        finally
        {
            if (isLarge) _large.Release();
        }
    }

    // Whether the registration is live now, or over.
    private static bool Send(Registration registration, JournalPage page, string? lastOwner, EventFrames[] frames)
    {
        if (IsOver(registration)) return true;

        var (subscriber, queue) = (registration.Subscriber, registration.Subscriber.Channel.Queue);
        if (JournalGap.Find(registration, page, lastOwner) is { } gap)
        {
            subscriber.Tell(new Notice.Gap(registration.Topic, gap.After, gap.UpTo));
            registration.Skip(gap.UpTo);
        }

        for (var i = 0; i < frames.Length; i++)
        {
            if (!queue.HasRoom) queue.Flush();
            if (!queue.HasRoom || !registration.Replay(frames[i], page.Events[i].Place)) return false;
        }

        queue.Flush();
        return (JournalGap.IsEnd(page) && registration.TryGoLive(page.Last)) || registration.IsEnded;
    }

    private async Task TryAgainAsync(List<Registration> registrations)
    {
        await Task.Delay(RetryInterval, clock);
        foreach (var registration in registrations) GoOn(registration, IsOver(registration));
    }

    private static bool IsOver(Registration registration) => registration.IsEnded || registration.Subscriber.Channel.IsClosing;

    private static partial class Log
    {
        [LoggerMessage(3041, LogLevel.Warning, "Kept events cannot be read ({Fault}); it is tried again until they can")]
        public static partial void NotRead(ILogger logger, string fault);

        [LoggerMessage(3042, LogLevel.Information, "Kept events can be read again")]
        public static partial void ReadAgain(ILogger logger);
    }
}
