using System.Security.Cryptography;
using Microsoft.Extensions.Hosting;
using StackExchange.Redis;
using Teal.Core.Journal;

namespace Teal.Redis;

/// <summary>
/// Keeps the <see cref="PlaceKey"/> of an installation in Redis, where its processes find it, and makes it where there is none. Nobody
/// waits for it: a process that has another key is not believed, so that what it tells of costs the others a look into the journal.
/// </summary>
internal sealed class RedisPlaceKey(RedisConnection connection, PlaceKey key, RedisOptions options, TimeProvider clock) : BackgroundService
{
    // Redis may have been emptied, or restored from a backup, meanwhile.
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            var wait = Interval;
            try
            {
                await ReadAsync(stoppingToken);
            }
            catch (RedisStoreException)
            {
                wait = options.WatchInterval;
            }

            await Task.Delay(wait, clock, stoppingToken);
        }
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        var common = await FindAsync(cancellationToken);
        if (common is null)
        {
            var random = RandomNumberGenerator.GetBytes(PlaceKey.Length);
            await connection.RunAsync(
                database => database.StringSetAsync(connection.Keys.Seal, random, expiry: null, When.NotExists), cancellationToken);
            common = await FindAsync(cancellationToken);
        }

        if (common is { Length: PlaceKey.Length }) key.Bytes = common;
    }

    private async Task<byte[]?> FindAsync(CancellationToken cancellationToken) =>
        await connection.RunAsync(database => database.StringGetRangeAsync(connection.Keys.Seal, 0, PlaceKey.Length), cancellationToken)
            is { IsNullOrEmpty: false } found
            ? (byte[]?)found : null;
}
