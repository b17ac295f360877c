using System.Globalization;
using System.Text;
using StackExchange.Redis;
using Teal.Core.Events;
using Teal.Core.Journal;
using Teal.Core.Wire;

namespace Teal.Redis;

/// <summary>
/// Events in Redis, shared by all processes: a stream for each topic, which ends by itself with what it is kept for, and a trace of its last
/// position, which outlives it. How durable they are is Redis' own setting. It needs Redis 6.2, and not a cluster: a topic's keys lie anywhere.
/// </summary>
public sealed class RedisEventJournal(RedisConnection connection, JournalOptions options, TimeProvider clock) : IEventJournal, IJournalFeed, IJournalPurge
{
    private const int FeedPage = 1000;
    private const string EventsPrefix = "teal:events:";
    private const string FeedStart = "0-0";

    private static readonly RedisKey JournalKey = "teal:journal";
    private static readonly RedisKey FeedKey = "teal:feed";

    /// <summary>The processes of an installation have one Redis, and one journal.</summary>
    public string Id => "redis";

    /// <inheritdoc/>
    public async ValueTask<TealEvent> AppendAsync(TealEvent @event, EventRetention retention, Action<TealEvent> kept, CancellationToken cancellationToken)
    {
        var topic = @event.Topic;
        var (keep, trace) = LifetimesOf(retention.Until);
        var oldest = topic.Kind == EventKind.Callback ? 0 : JournalPosition.At(clock.GetUtcNow() - options.RetentionOf(topic.Kind));
        var places = (RedisResult[])(await EvaluateAsync(
            RedisJournalScripts.Append, [EventsKey(topic), TraceKey(topic), JournalKey, FeedKey],
            [EventJson.EncodeForBus(@event), keep, trace, options.MaximumEventsPerTopic, oldest, (int)topic.Kind, Encoding.UTF8.GetBytes(topic.Key)],
            cancellationToken))!;
        var placed = @event with { Place = new EventPlace(Id, Number(places[0]), Number(places[1])) };
        kept(placed);
        return placed;
    }

    /// <inheritdoc/>
    public ValueTask ClaimAsync(Topic topic, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public async ValueTask<long> FindEndAsync(Topic topic, CancellationToken cancellationToken)
    {
        var page = await ReadAsync(topic, 0, 0, 0, cancellationToken);
        return page.Last > 0 ? page.Last : page.Horizon;
    }

    /// <inheritdoc/>
    public async ValueTask<JournalPage> ReadAsync(Topic topic, long after, int limit, int size, CancellationToken cancellationToken)
    {
        var answer = (RedisResult[])(await EvaluateAsync(
            RedisJournalScripts.Read, [EventsKey(topic), TraceKey(topic), JournalKey], [after + 1, limit, size], cancellationToken))!;
        var horizon = Math.Max(Number(answer[2]), Number(answer[1]) - (options.TraceRetention.Ticks / TimeSpan.TicksPerMicrosecond));
        var events = ((RedisResult[])answer[3]!).Select(entry => Read(topic, (RedisResult[])entry!)).ToArray();
        return new JournalPage(events, Number(answer[0]), horizon);
    }

    /// <inheritdoc/>
    public async ValueTask KeepUntilAsync(Topic topic, DateTime keepUntil, CancellationToken cancellationToken)
    {
        var (keep, trace) = LifetimesOf(keepUntil);
        await EvaluateAsync(RedisJournalScripts.KeepUntil, [EventsKey(topic), TraceKey(topic)], [keep, trace], cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DeleteAsync(Topic topic, CancellationToken cancellationToken) =>
        await connection.RunAsync(database => database.KeyDeleteAsync(EventsKey(topic)), cancellationToken);

    /// <inheritdoc/>
    public async Task<long> PurgeAsync(CancellationToken cancellationToken)
    {
        var (cursor, total) = ("0", 0L);
        do
        {
            var from = cursor;
            var page = (RedisResult[])(await connection.RunAsync(database => database.ExecuteAsync("SCAN", from, "MATCH", EventsPrefix + "*", "COUNT", FeedPage), cancellationToken))!;
            cursor = (string)page[0]!;
            foreach (var key in (RedisKey[])page[1]!)
            {
                total += Number(await connection.RunAsync(database => database.ExecuteAsync("XLEN", key), cancellationToken));
                await connection.RunAsync(database => database.KeyDeleteAsync(key), cancellationToken);
            }
        }
        while (cursor != "0");

        return total;
    }

    /// <inheritdoc/>
    public async ValueTask<string> FindFeedEndAsync(CancellationToken cancellationToken)
    {
        var entries = (RedisResult[])(await connection.RunAsync(database => database.ExecuteAsync("XREVRANGE", FeedKey, "+", "-", "COUNT", 1), cancellationToken))!;
        return entries.Length == 0 ? FeedStart : IdOf(entries[0]);
    }

    /// <inheritdoc/>
    public async ValueTask<JournalFeedPage> ReadFeedAsync(string after, CancellationToken cancellationToken)
    {
        // From the entry that was the last one, to see that it is still there, and so nothing is missing behind it.
        var entries = (RedisResult[])(await connection.RunAsync(database => database.ExecuteAsync("XRANGE", FeedKey, after, "+", "COUNT", FeedPage), cancellationToken))!;
        var isComplete = after == FeedStart || (entries.Length > 0 && IdOf(entries[0]) == after);
        var appended = new List<(Topic, long)>(entries.Length);
        foreach (var entry in entries)
        {
            if (IdOf(entry) == after) continue;

            var fields = (RedisResult[])((RedisResult[])entry!)[1]!;
            appended.Add((new Topic((EventKind)(int)Number(fields[1]), (string)fields[3]!), Number(fields[5])));
        }

        return new JournalFeedPage(appended, entries.Length == 0 ? FeedStart : IdOf(entries[^1]), isComplete, entries.Length == FeedPage);
    }

    private static string IdOf(RedisResult entry) => (string)((RedisResult[])entry!)[0]!;

    private static long Number(RedisResult result) => long.Parse((string)result!, CultureInfo.InvariantCulture);

    private static RedisKey EventsKey(Topic topic) => Key(EventsPrefix, topic);

    private static RedisKey TraceKey(Topic topic) => Key("teal:last:", topic);

    private static RedisKey Key(string prefix, Topic topic) => Encoding.UTF8.GetBytes($"{prefix}{(int)topic.Kind}:{topic.Key}");

    private TealEvent Read(Topic topic, RedisResult[] entry)
    {
        var id = (string)entry[0]!;
        var fields = (RedisResult[])entry[1]!;
        var @event = EventJsonReader.Read(topic.Kind, (byte[])fields[1]!, DateTime.UnixEpoch) ?? throw new InvalidDataException("An event of the journal cannot be read.");
        return @event with { Place = new EventPlace(Id, long.Parse(id.AsSpan(0, id.IndexOf('-', StringComparison.Ordinal)), NumberStyles.None, CultureInfo.InvariantCulture), Number(fields[3])) };
    }

    // In milliseconds from now on, so that this process' clock and that of Redis need not agree.
    private (long Events, long Trace) LifetimesOf(DateTime keepUntil)
    {
        var keep = Math.Max(1, (long)Math.Ceiling((keepUntil - clock.GetUtcNow().UtcDateTime).TotalMilliseconds));
        return (keep, keep + (long)options.TraceRetention.TotalMilliseconds);
    }

    private Task<RedisResult> EvaluateAsync(string script, RedisKey[] keys, RedisValue[] arguments, CancellationToken cancellationToken)
    {
        // EVAL, and not EVALSHA: a Redis that was started anew knows no script, and the first event after it would be refused.
        object[] all = [script, keys.Length, .. keys.Cast<object>(), .. arguments.Cast<object>()];
        return connection.RunAsync(database => database.ExecuteAsync("EVAL", all), cancellationToken);
    }
}
