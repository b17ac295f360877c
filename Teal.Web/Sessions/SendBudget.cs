namespace Teal.Web.Sessions;

/// <summary>
/// The memory that all channels together may take for what their clients do not take. What goes out at once is not counted. A message that
/// has to wait counts once, however many channels it waits for; what of it lies in the network's buffers counts for each channel. Such
/// copies may take half of the budget, and further ones are small then. When the messages take more than the rest, channels that hold them
/// are closed: first those that take nothing, of these first those that hold most.
/// </summary>
/// <param name="options">The settings.</param>
/// <param name="channels">The channels.</param>
/// <param name="clock">The clock.</param>
public sealed class SendBudget(ChannelOptions options, ChannelTable channels, TimeProvider clock) : IThreadPoolWorkItem
{
    // What goes into a channel's network buffer at once, in bytes.
    private const int FullPortion = 32 * 1024;

    // What the network's buffer takes at least for a channel that does not take it.
    private const int SmallPortion = 4 * 1024;

    // A replay goes on when no more than this waits for its client: less where much waits for all, so that many slow clients
    // do not hold up the replays of the others.
    private const int MostBeforeReplay = 256 * 1024, LeastBeforeReplay = 16 * 1024;

    // What may wait of kept events for one client, where a fourth of the budget waits, and where more does.
    private const int MostKept = 128 * 1024, LeastKept = 32 * 1024;

    // A client that took nothing for so long takes nothing; one on a slow line takes something each second or two.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly long _limit = options.SendBudget;
    private readonly Lock _closing = new();
    private long _messages;
    private long _copies;
    private int _isDue;

    /// <summary>How many messages may wait for one client.</summary>
    public int QueueLength => options.SendQueueLength;

    /// <summary>How many bytes may wait for one client, its largest message apart.</summary>
    public int QueueSize => options.SendQueueSize;

    /// <summary>
    /// The same for events that can be read again later: less where much waits for all, so that those who read slowly do not
    /// take what others need.
    /// </summary>
    public int KeptSize
    {
        get
        {
            var messages = Volatile.Read(ref _messages);
            return messages < _limit / 4 ? QueueSize : Math.Min(QueueSize, messages < _limit / 8 * 3 ? MostKept : LeastKept);
        }
    }

    /// <summary>How many bytes may wait for a client for which a replay is to go on.</summary>
    public int ReplaySize =>
        Math.Min(Volatile.Read(ref _messages) < _limit / 4 ? MostBeforeReplay : LeastBeforeReplay, options.SendQueueSize / 2);

    /// <summary>How many bytes go into a channel's network buffer at once.</summary>
    public int Portion => Volatile.Read(ref _copies) < _limit / 2 ? FullPortion : SmallPortion;

    /// <summary>Whether replays may go on.</summary>
    public bool HasRoomForReplays => Volatile.Read(ref _messages) < _limit / 8 * 7;

    /// <summary>Whether those of large events may: half of the budget is for the rest.</summary>
    public bool HasRoomForLargeReplays => Volatile.Read(ref _messages) < _limit / 2;

    /// <summary>What is counted now, in bytes.</summary>
    public long Held => Volatile.Read(ref _messages) + Volatile.Read(ref _copies);

    /// <summary>The clock.</summary>
    public TimeProvider Clock => clock;

    private bool IsSpent => Volatile.Read(ref _messages) + Math.Min(Volatile.Read(ref _copies), _limit / 2) > _limit;

    /// <summary>Counts a message that waits for a channel.</summary>
    public void Hold(OutgoingMessage message)
    {
        if (!message.Hold()) return;

        Interlocked.Add(ref _messages, message.Length);
        CloseIfSpent();
    }

    /// <summary>It does not wait for the channel any more.</summary>
    public void LetGo(OutgoingMessage message)
    {
        if (message.LetGo()) Interlocked.Add(ref _messages, -message.Length);
    }

    /// <summary>Counts what lies in a channel's network buffer.</summary>
    public void HoldCopy(int size)
    {
        Interlocked.Add(ref _copies, Math.Max(size, SmallPortion));
        CloseIfSpent();
    }

    /// <summary>The network has taken it.</summary>
    public void LetGoCopy(int size) => Interlocked.Add(ref _copies, -Math.Max(size, SmallPortion));

    /// <summary>Has replays go on that wait because of clients that take nothing.</summary>
    public void MakeRoomForReplays() => CloseUntil(() => HasRoomForLargeReplays, isForReplays: true);

    void IThreadPoolWorkItem.Execute()
    {
        // First, so that what is counted from now on is seen here, or asks for it again.
        Volatile.Write(ref _isDue, 0);
        CloseUntil(() => !IsSpent, isForReplays: false);
    }

    // On the pool: whoever counts may hold locks, and has others to serve.
    private void CloseIfSpent()
    {
        if (IsSpent && Interlocked.Exchange(ref _isDue, 1) == 0) ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    private void CloseUntil(Func<bool> isEnough, bool isForReplays)
    {
        if (isEnough()) return;

        lock (_closing)
        {
            var holders =
                from channel in channels.All
                let share = channel.Queue.Share
                let isStalled = channel.Queue.IsStalledFor(Patience)
                where share > 0 && (isStalled || !isForReplays)
                orderby isStalled descending, share descending
                select channel;
            foreach (var channel in holders)
            {
                if (isEnough()) return;
                channel.CloseAsTooSlow();
            }
        }
    }
}
