using StackExchange.Redis;
using Teal.Core.States;
using Teal.Core.Wire;

namespace Teal.Redis;

/// <summary>
/// Callback states in Redis, in the form that all members of the TeaL family share (specification 4.2), so that several processes
/// have them in common. How durable they are is Redis' own setting.
/// </summary>
public sealed class RedisCallbackStateStore(RedisConnection connection, TimeProvider clock) : ICallbackStateStore
{
    // In bytes; far above what a client can create with Teal's own defaults. Whoever writes to Redis cannot have Teal read any
    // more than that.
    private const int LongestState = 1024 * 1024;

    private const string WrongType = "WRONGTYPE";

    // A new state may have been stored under the key in between; it stays. And Redis' clock has to agree, as this process' own
    // may be wrong.
    private const string DeleteIfExpired =
        "if tonumber(redis.call('TIME')[1])>=tonumber(ARGV[2]) and redis.call('GET',KEYS[1])==ARGV[1] " +
        "then return redis.call('DEL',KEYS[1]) end return 0";

    /// <inheritdoc/>
    public async ValueTask<CallbackState?> FindAsync(string state, CancellationToken cancellationToken)
    {
        var key = connection.Keys.Callback(state);
        var value = await AskAsync(connection.RunAsync(database => database.StringGetRangeAsync(key, 0, LongestState), cancellationToken));
        if (value is null || CallbackStateJson.Decode(state, value) is not { } found) return null;
        if (!found.IsExpired(clock.GetUtcNow())) return found;

        await DeleteExpiredAsync(key, value, found.ExpiresAt!.Value, cancellationToken);
        return null;
    }

    /// <inheritdoc/>
    public async ValueTask<CallbackState?> FindForClientAsync(string state, CancellationToken cancellationToken)
    {
        var key = connection.Keys.Callback(state);
        var value = await AskAsync(
            connection.RunForClientsAsync(database => database.StringGetRangeAsync(key, 0, LongestState), cancellationToken));
        return value is not null && CallbackStateJson.Decode(state, value) is { } found && !found.IsExpired(clock.GetUtcNow())
            ? found : null;
    }

    /// <inheritdoc/>
    public async ValueTask<StoreResult> PutAsync(CallbackState state, CancellationToken cancellationToken)
    {
        // Redis takes no expiry that is over; and what it replaces is over as well.
        RedisValue lifetime = LifetimeOf(state) is { } milliseconds ? Math.Max(0, milliseconds) : RedisValue.EmptyString;
        var answer = await ChangeAsync(
            RedisStateScripts.Put, state.State, state.Owner, [CallbackStateJson.Encode(state), lifetime], cancellationToken);
        return answer == 0 ? StoreResult.Stored : StoreResult.NotYours;
    }

    /// <inheritdoc/>
    public async ValueTask<bool> DeleteAsync(string state, string owner, CancellationToken cancellationToken) =>
        await ChangeAsync(RedisStateScripts.Delete, state, owner, [], cancellationToken) == 1;

    private async Task<int> ChangeAsync(
        RedisScript script, string state, string owner, RedisValue[] arguments, CancellationToken cancellationToken)
    {
        RedisKey[] keys = [connection.Keys.Callback(state)];
        RedisValue[] all = [LongestState, WireTimestamp.Format(clock.GetUtcNow().UtcDateTime), owner, .. arguments];
        return (int)await connection.RunForClientsAsync(database => script.RunAsync(database, keys, all), cancellationToken);
    }

    private static async Task<byte[]?> AskAsync(Task<RedisValue> asking)
    {
        try
        {
            var value = (byte[]?)await asking;

            // GETRANGE has an empty text for what is not there; what is longer is nobody's state.
            return value is { Length: > 0 and <= LongestState } ? value : null;
        }
        catch (RedisStoreException exception) when (exception.Code == WrongType)
        {
            // Not a string, so not a state.
            return null;
        }
    }

    private async Task DeleteExpiredAsync(RedisKey key, byte[] value, DateTime expiresAt, CancellationToken cancellationToken)
    {
        var seconds = (long)Math.Ceiling((expiresAt - DateTime.UnixEpoch).TotalSeconds);
        try
        {
            await connection.RunAsync(
                database => database.ExecuteAsync("EVAL", DeleteIfExpired, 1, key, (RedisValue)value, seconds), cancellationToken);
        }
        catch (RedisStoreException)
        {
            // It is unknown all the same, and Redis drops it by the key's own expiry.
        }
    }

    // By this process' clock, and counted by Redis' from then on, so that the two need not agree. Rounded up to what Redis counts in:
    // the value's own instant decides, and the key goes no earlier.
    private long? LifetimeOf(CallbackState state) => state.ExpiresAt is { } expiresAt
        ? (long)Math.Ceiling((expiresAt - clock.GetUtcNow().UtcDateTime).TotalMilliseconds) : null;
}
