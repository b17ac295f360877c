using Microsoft.Extensions.Logging;
using Teal.Core.Events;
using Teal.Core.Journal;
using Teal.Dispatcher.Connections;
using Teal.Dispatcher.Protocols;

namespace Teal.Dispatcher.Registrations;

/// <summary>
/// Brings registrations from where they are to the end of their topics, from the journal. A connection's registrations take turns, a page at
/// a time, and no page is read before the client has taken most of what was sent: memory stays bounded whatever is kept.
/// </summary>
internal sealed partial class Replayer(IEventJournal journal, TimeProvider clock, ILogger<Replayer> logger) : IDisposable
{
    private const int ConcurrentReads = 16;
    private const int FirstPage = 8;
    private const int LargestPage = 128;

    // Bytes of texts; pages of large events have few of them.
    private const int PageSize = 256 * 1024;

    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _reads = new(ConcurrentReads);

    // 1: the last read failed, and that was said.
    private int _isFailing;

    /// <summary>
    /// Has a new registration catch up, on the time of its own connection: most have nothing to catch up with, and are done at once.
    /// </summary>
    public void Begin(Registration registration)
    {
        if (registration.TryBeginReplay() && registration.Connection.Replays.TryEnter(registration)) _ = RunAsync(registration.Connection, registration);
    }

    /// <summary>Has the registration catch up, unless it does so already. Never takes the caller's time.</summary>
    public void Start(Registration registration)
    {
        if (registration.TryBeginReplay()) Run(registration);
    }

    /// <summary>The same for a registration that knows already that it has to.</summary>
    public void Run(Registration registration)
    {
        if (registration.Connection.Replays.TryEnter(registration)) _ = Task.Run(() => RunAsync(registration.Connection, registration));
    }

    public void Dispose() => _reads.Dispose();

    private async Task RunAsync(ClientConnection connection, Registration first)
    {
        var next = first;
        var page = FirstPage;
        while (next is not null)
        {
            var isDone = true;
            try
            {
                (isDone, page) = await StepAsync(next, page);
            }
            catch (Exception exception)
            {
                // The journal is away; what it holds is sent when it is back.
                if (Interlocked.Exchange(ref _isFailing, 1) == 0) Log.NotRead(logger, exception.GetType().Name);
                await Task.Delay(RetryInterval, clock);
                isDone = next.IsEnded;
            }

            next = connection.Replays.Next(isDone ? null : next);
        }
    }

    // One page. Whether the registration is live now, or over, and how large the next page may be.
    private async ValueTask<(bool IsDone, int Page)> StepAsync(Registration registration, int limit)
    {
        await registration.Connection.WaitForRoomAsync();
        if (registration.IsEnded || registration.Connection.IsClosing) return (true, limit);

        var after = registration.Position;
        var page = await ReadAsync(registration.Topic, after, limit);
        var hasGap = !registration.IsAtInstant && page.HasGap(after);
        if (hasGap) registration.Connection.Tell(new ConnectionNotice.Gap(registration.Topic, after, EndOfGap(page)));
        if (page.Events.Count == 0 && hasGap) registration.Skip(EndOfGap(page));

        var size = 0;
        foreach (var kept in page.Events)
        {
            await registration.Connection.WaitForRoomAsync();
            size += kept.Size;
            registration.Replay(kept);
        }

        registration.Connection.Queue.Flush();
        if (IsEnd(page) && registration.TryGoLive(page.Last)) return (true, limit);

        var average = page.Events.Count == 0 ? 1 : Math.Max(1, size / page.Events.Count);
        return (registration.IsEnded, Math.Clamp(Math.Min(limit * 2, PageSize / average), 1, LargestPage));
    }

    private static long EndOfGap(JournalPage page) => page.Events.Count > 0 ? page.Events[0].Place.Previous : Math.Max(page.Last, page.Last == 0 ? page.Horizon : 0);

    private static bool IsEnd(JournalPage page) => page.Events.Count == 0 || page.Events[^1].Place.Position >= page.Last;

    private async ValueTask<JournalPage> ReadAsync(Topic topic, long after, int limit)
    {
        await _reads.WaitAsync();
        try
        {
            var page = await journal.ReadAsync(topic, after, limit, PageSize, CancellationToken.None);
            if (Volatile.Read(ref _isFailing) == 1 && Interlocked.Exchange(ref _isFailing, 0) == 1) Log.ReadAgain(logger);
            return page;
        }
        finally
        {
            _reads.Release();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(3041, LogLevel.Warning, "Kept events cannot be read ({Fault}); it is tried again until they can")]
        public static partial void NotRead(ILogger logger, string fault);

        [LoggerMessage(3042, LogLevel.Information, "Kept events can be read again")]
        public static partial void ReadAgain(ILogger logger);
    }
}
