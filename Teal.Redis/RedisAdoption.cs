using System.Text;
using Microsoft.Extensions.Hosting;
using StackExchange.Redis;
using Teal.Core.Events;
using Teal.Core.Journal;
using Teal.Core.Kinds;

namespace Teal.Redis;

/// <summary>
/// Takes over what versions before this one keep in Redis, under <c>teal:events:KIND:KEY</c> and <c>teal:last:KIND:KEY</c>: at
/// the start, and as long as such a process may still write. In steps; nobody waits for it. Who goes on from a cursor
/// meanwhile is told of the events once they are taken over.
/// </summary>
internal sealed class RedisAdoption(RedisConnection connection, RedisOptions options, TimeProvider clock) : BackgroundService
{
    private const int Step = 500;
    private const string Events = "teal:events:";
    private const string Trace = "teal:last:";
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    // How long a process of such a version may come back.
    private static readonly TimeSpan Patience = TimeSpan.FromHours(1);

    private readonly RedisScript _script = new(RedisAdoptionScript.For(connection.Keys));

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var found = clock.GetTimestamp(); clock.GetElapsedTime(found) < Patience;)
        {
            var wait = Interval;
            try
            {
                if (await AdoptAsync(stoppingToken)) found = clock.GetTimestamp();
            }
            catch (RedisStoreException)
            {
                wait = options.WatchInterval;
            }

            await Task.Delay(wait, clock, stoppingToken);
        }
    }

    private async Task<bool> AdoptAsync(CancellationToken cancellationToken)
    {
        var (cursor, hasFound) = ("0", false);
        do
        {
            var from = cursor;
            var page = (RedisResult[])(await connection.RunForClientsAsync(
                database => database.ExecuteAsync("SCAN", from, "MATCH", Events + "*", "COUNT", Step), cancellationToken))!;
            cursor = (string)page[0]!;
            foreach (var key in (RedisKey[])page[1]!) hasFound |= await AdoptAsync(key, cancellationToken);
        }
        while (cursor != "0");

        return hasFound;
    }

    private async Task<bool> AdoptAsync(RedisKey old, CancellationToken cancellationToken)
    {
        var name = Encoding.UTF8.GetString(((byte[])old!).AsSpan(Events.Length));
        if (name.Length < 2 || name[1] != ':' || EventKinds.ByNumber(name[0] - '0') is not { } kind) return false;

        var topic = new Topic(kind, name[2..]);
        RedisKey[] keys = [connection.Keys.Events(topic), connection.Keys.Traces(kind), connection.Keys.Feed, old, Trace + name];
        return (long)await connection.RunForClientsAsync(
            database => _script.RunAsync(database, keys, [TopicHash.Of(topic), (int)kind.Number]), cancellationToken) == 1;
    }
}
