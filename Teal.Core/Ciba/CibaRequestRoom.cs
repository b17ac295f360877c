using Teal.Core.Records;

namespace Teal.Core.Ciba;

/// <summary>
/// The room for CIBA requests: half of <see cref="RecordOptions.MaximumRecords"/>, of which a team may have as many as are left. So the
/// first team can have half of them, and each that comes finds some. They are counted now and then, as other processes make some, too,
/// and counted on in between.
/// </summary>
internal sealed class CibaRequestRoom(CibaRequestRecords requests, RecordOptions options, TimeProvider clock)
{
    // Counting reads all of them.
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    // A team for which there was no room is not to wait for as long, once others have ended.
    private static readonly TimeSpan IntervalWhenFull = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private Counts? _counts;

    /// <summary>Whether a team may have a further one.</summary>
    public async ValueTask<bool> HasAsync(string team)
    {
        if (IsDue(Interval)) await CountAsync();
        if (Fits(team)) return true;
        if (!IsDue(IntervalWhenFull)) return false;

        await CountAsync();
        return Fits(team);
    }

    /// <summary>Counts a further one of the team.</summary>
    public void Add(string team)
    {
        lock (_lock) _counts?.Add(team);
    }

    private bool IsDue(TimeSpan interval)
    {
        lock (_lock) return _counts is null || clock.GetElapsedTime(_counts.Since) >= interval;
    }

    private bool Fits(string team)
    {
        lock (_lock) return _counts!.Of(team) < (options.MaximumRecords / 2) - _counts.All;
    }

    private async Task CountAsync()
    {
        var counts = new Counts(clock.GetTimestamp());
        lock (_lock)
        {
            // Others go on with what is known while one counts; the first ones count all.
            if (_counts is not null) _counts.Since = counts.Since;
        }

        await foreach (var owner in requests.ListOwnersAsync()) counts.Add(owner);
        lock (_lock) _counts = counts;
    }

    private sealed class Counts(long since)
    {
        private readonly Dictionary<string, int> _teams = new(StringComparer.Ordinal);

        public long Since { get; set; } = since;

        public int All { get; private set; }

        public int Of(string team) => _teams.GetValueOrDefault(team);

        public void Add(string team)
        {
            _teams[team] = Of(team) + 1;
            All++;
        }
    }
}
