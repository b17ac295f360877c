using System.Buffers.Binary;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;
using Teal.Core.Events;
using Teal.Core.Hosting;
using Teal.Core.Identities;
using Teal.Core.Journal;
using Teal.Core.Kinds;

namespace Teal.Redis;

/// <summary>
/// Events in Redis, shared by all processes of a system (<see cref="RedisKeys"/>). No name of a topic is in Redis, only its hash:
/// <c>teal:e:HASH</c> has its events and ends by itself with what they are kept for. Shared keys: <c>teal:room:ROOM</c> and
/// <c>teal:rooms</c> count what topics take (specification 7.1), <c>teal:traces:KIND</c> has last positions, <c>teal:horizons</c> up to
/// where those may lack topics, <c>teal:claims:KIND</c> what programs wait for, <c>teal:feed:2</c> what was appended lately. How durable
/// they are is Redis' own setting. It needs Redis 6.2, and not a cluster.
/// </summary>
public sealed class RedisEventJournal(
    RedisConnection connection, JournalOptions options, TimeProvider clock, ILogger<RedisEventJournal> logger)
    : IEventJournal, IJournalFeed, IJournalPurge, IExpirySweep
{
    private const int FeedPage = 1000;

    // In bytes; far above what a listener takes by default. Whoever writes to Redis cannot have Teal read any more than that,
    // or than a topic may have.
    private const long LongestEvent = 64 * 1024 * 1024;

    // How many topics of a room one sweep looks at; the next goes on there.
    private const int SweepLength = 20_000;

    private static readonly TimeSpan ClockTolerance = TimeSpan.FromSeconds(10);
    private static readonly string[] Rooms = [.. EventKinds.All.Select(static kind => $"{kind.Number}"), "f", "u"];

    private readonly RedisJournalScripts _scripts = new(connection.Keys);
    private readonly RedisEventReader _reader = new(connection.Keys.Journal, logger);
    private readonly string[] _sweepCursors = [.. Rooms.Select(static _ => "0")];

    // When the journal was made, as Redis has it, and the name that comes of it. Immutable, so that it needs no lock.
    private Origin? _origin;

    /// <summary>The processes of an installation have one Redis, and one journal there.</summary>
    public string Id => Keys.Journal;

    /// <summary>With the time when it was made: Redis may have been emptied since, or be another one.</summary>
    public string Identity => _origin?.Identity ?? Id;

    /// <inheritdoc/>
    public async ValueTask<TealEvent> AppendAsync(
        TealEvent @event, EventRetention retention, Action<TealEvent> kept, CancellationToken cancellationToken)
    {
        var topic = @event.Topic;

        // By Redis' clock, as this process' own may be wrong, and the events are others' too.
        var lifetime = options.RetentionOf(topic.Kind);
        var longest = topic.Kind.HasStates ? TimeSpan.Zero : lifetime;
        var content = topic.Kind.ContentOf(@event);
        RedisKey[] keys = [Keys.Events(topic), Keys.Traces(topic.Kind), Keys.Feed, Keys.Claims(topic.Kind)];
        RedisValue[] arguments =
        [
            TopicHash.Of(topic), (int)topic.Kind.Number, retention.IsInvited ? 1 : 0, EventJson.EncodeForJournal(@event),
            content is null ? 0 : 1, content ?? default(ReadOnlyMemory<byte>), MillisecondsUntil(retention.Until),
            options.MaximumEventsPerTopic, options.MaximumSizePerTopic, options.MaximumEvents, options.MaximumRedisMemory,
            Math.Min(options.FreestandingSize, options.MaximumRedisMemory), Math.Min(options.UnclaimedSize, options.MaximumRedisMemory),
            (long)longest.TotalMicroseconds, options.MaximumTraces, (long)(options.TraceRetention + lifetime).TotalMicroseconds,
            EventOwner.ToText(@event) ?? "",
        ];
        var appending = @event.IsLong
            ? connection.RunInTurnAsync(database => _scripts.Append.RunAsync(database, keys, arguments), cancellationToken)
            : EvaluateAsync(_scripts.Append, keys, arguments, cancellationToken);
        var places = (RedisResult[])(await appending)!;
        var placed = @event with { Place = _reader.PlaceOf(places) };
        kept(placed);
        return placed;
    }

    /// <inheritdoc/>
    public async ValueTask ClaimAsync(Topic topic, CancellationToken cancellationToken) => await EvaluateForClientsAsync(
        _scripts.Claim, [Keys.Events(topic), Keys.Traces(topic.Kind), Keys.Claims(topic.Kind)],
        [TopicHash.Of(topic), (int)topic.Kind.Number, (long)options.RetentionOf(topic.Kind).TotalMicroseconds, options.MaximumTraces],
        cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<long> FindEndAsync(Topic topic, CancellationToken cancellationToken)
    {
        var (page, now) = await ReadPageAsync(topic, 0, 0, 0, cancellationToken);

        // A later event has a higher position, by the same clock of Redis; that one may be set back by a little.
        return page.Last > 0 ? page.Last : Math.Max(page.Horizon, now - (long)ClockTolerance.TotalMicroseconds);
    }

    /// <inheritdoc/>
    public async ValueTask<string?> FindOwnerAsync(Topic topic, CancellationToken cancellationToken) =>
        (string?)await EvaluateForClientsAsync(
            _scripts.FindOwner, [Keys.Events(topic), Keys.Traces(topic.Kind)], [TopicHash.Of(topic), (int)topic.Kind.Number],
            cancellationToken) is { } text ? EventOwner.FromText(topic.Kind, text.Length > 0 ? text : null) : null;

    /// <inheritdoc/>
    public async ValueTask<JournalPage> ReadAsync(Topic topic, long after, int limit, int size, CancellationToken cancellationToken) =>
        (await ReadPageAsync(topic, after, limit, size, cancellationToken)).Page;

    /// <inheritdoc/>
    public async ValueTask KeepUntilAsync(Topic topic, DateTime keepUntil, CancellationToken cancellationToken)
    {
        var lifetime = TimeSpan.FromMilliseconds(MillisecondsUntil(keepUntil));
        await connection.RunForClientsAsync(database => database.KeyExpireAsync(Keys.Events(topic), lifetime), cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<int> DeleteAsync(Topic topic, CancellationToken cancellationToken) => (int)await EvaluateForClientsAsync(
        _scripts.Delete, [Keys.Events(topic), Keys.Traces(topic.Kind)], [TopicHash.Of(topic), (int)topic.Kind.Number], cancellationToken);

    /// <summary>Has topics that Redis ended leave their rooms: a part of them each time.</summary>
    public async ValueTask<int> SweepAsync(CancellationToken cancellationToken)
    {
        var total = 0L;
        foreach (var (i, room) in Rooms.Index())
        {
            for (var looked = 0L; looked < SweepLength;)
            {
                var (cursor, topics, events) = await SweepAsync(room, _sweepCursors[i], isPurge: false, cancellationToken);
                _sweepCursors[i] = cursor;
                total += events;
                looked += topics;
                if (cursor == "0") break;
            }
        }

        return (int)total;
    }

    /// <inheritdoc/>
    public async Task<long> PurgeAsync(CancellationToken cancellationToken)
    {
        var total = 0L;
        foreach (var room in Rooms)
        {
            var cursor = "0";
            do
            {
                (cursor, _, var events) = await SweepAsync(room, cursor, isPurge: true, cancellationToken);
                total += events;
            }
            while (cursor != "0");
        }

        return total;
    }

    /// <inheritdoc/>
    public async Task<long> PurgeAsync(Topic topic, CancellationToken cancellationToken) => await DeleteAsync(topic, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<string> FindFeedEndAsync(CancellationToken cancellationToken) =>
        // An entry to stand on, also where there is none: that it is still there tells that nothing was lost behind it.
        (string)(await EvaluateAsync(RedisFeedScripts.FindEnd, [Keys.Feed], [], cancellationToken))!;

    /// <inheritdoc/>
    public async ValueTask<JournalFeedPage> ReadFeedAsync(string after, CancellationToken cancellationToken)
    {
        // From the entry that was the last one, to see that it is still there, and so nothing is missing behind it.
        var answer = (RedisResult[])(await EvaluateAsync(
            RedisFeedScripts.Read, [Keys.Feed], [after, FeedPage, TopicHash.Length], cancellationToken))!;
        var entries = answer.Select(static entry => (RedisResult[])entry!).ToArray();
        var isComplete = entries.Length > 0 && IdOf(entries[0]) == after;
        var appended = new List<(UInt128, long)>(entries.Length);
        foreach (var entry in entries)
        {
            if (entry.Length == 3 && IdOf(entry) != after)
                appended.Add((TopicHash.ToKey((byte[])entry[1]!), RedisEventReader.Number(entry[2])));
        }

        var end = entries.Length == 0 ? await FindFeedEndAsync(cancellationToken) : IdOf(entries[^1]);
        return new JournalFeedPage(appended, end, isComplete, entries.Length == FeedPage);
    }

    private RedisKeys Keys => connection.Keys;

    private static string IdOf(RedisResult[] entry) => (string)entry[0]!;

    private async Task<(JournalPage Page, long Now)> ReadPageAsync(
        Topic topic, long after, int limit, int size, CancellationToken cancellationToken)
    {
        while (true)
        {
            RedisKey[] keys = [Keys.Events(topic), Keys.Traces(topic.Kind)];
            RedisValue[] arguments =
            [
                TopicHash.Of(topic), (int)topic.Kind.Number, after, limit, size, Math.Max(LongestEvent, options.MaximumSizePerTopic),
            ];
            var reading = limit > 0
                ? connection.RunLongAsync(database => _scripts.Read.RunAsync(database, keys, arguments), cancellationToken)
                : EvaluateForClientsAsync(_scripts.Read, keys, arguments, cancellationToken);
            var answer = (RedisResult[])(await reading)!;
            Learn((string)answer[4]!);
            var now = RedisEventReader.Number(answer[1]);
            var horizon = Math.Max(RedisEventReader.Number(answer[2]), now - (long)options.TraceRetention.TotalMicroseconds);
            var entries = ((RedisResult[])answer[3]!).Select(static entry => (RedisResult[])entry!).ToArray();
            var events = entries.Select(entry => _reader.Read(topic.Kind, entry)).OfType<TealEvent>().ToArray();
            if (events.Length > 0 || entries.Length == 0)
                return (new JournalPage(events, RedisEventReader.Number(answer[0]), horizon), now);

            // None of them can be read; a page without events would say that nothing follows.
            after = RedisEventReader.Number(entries[^1][0]);
        }
    }

    private async Task<(string Cursor, long Topics, long Events)> SweepAsync(
        string room, string cursor, bool isPurge, CancellationToken cancellationToken)
    {
        var answer = (RedisResult[])(await EvaluateForClientsAsync(
            _scripts.Sweep, [], [room, cursor, isPurge ? 1 : 0], cancellationToken))!;
        return ((string)answer[0]!, (long)answer[1], (long)answer[2]);
    }

    private void Learn(string created)
    {
        if (_origin?.Created != created) _origin = new Origin(created, $"{Id} {created}");
    }

    // From now on, so that this process' clock and that of Redis need not agree.
    private long MillisecondsUntil(DateTime keepUntil) =>
        Math.Max(1, (long)Math.Ceiling((keepUntil - clock.GetUtcNow().UtcDateTime).TotalMilliseconds));

    private Task<RedisResult> EvaluateForClientsAsync(
        RedisScript script, RedisKey[] keys, RedisValue[] arguments, CancellationToken cancellationToken) =>
        connection.RunForClientsAsync(database => script.RunAsync(database, keys, arguments), cancellationToken);

    private Task<RedisResult> EvaluateAsync(
        RedisScript script, RedisKey[] keys, RedisValue[] arguments, CancellationToken cancellationToken) =>
        connection.RunAsync(database => script.RunAsync(database, keys, arguments), cancellationToken);

    private sealed record Origin(string Created, string Identity);
}
