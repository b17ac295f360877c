using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using StackExchange.Redis;
using Teal.Core.Hosting;
using Teal.Core.Records;
using Teal.Core.Wire;

namespace Teal.Redis;

/// <summary>
/// Records in Redis, shared by all processes of a system: <c>teal:r:COLLECTION NUL KEY</c> is a hash of the value (v), its
/// version (n) and its end in microseconds since 1970 (e), and ends by itself; <c>teal:records</c> has the names of all of
/// them, and <c>teal:records:version</c> the last version.
/// </summary>
public sealed class RedisRecordStore(RedisConnection connection, RecordOptions options, TimeProvider clock) : IRecordStore, IExpirySweep
{
    private const int Page = 500;

    // How many names one sweep looks at; the next goes on there.
    private const int SweepLength = 20_000;

    // What has ended by the caller's clock is not there, as for the other calls.
    private static readonly RedisScript Put = new("""
        local found, ending = unpack(redis.call('HMGET', KEYS[1], 'n', 'e'))
        if not found or (ending and tonumber(ending) <= tonumber(ARGV[4])) then found = '0' end
        if ARGV[3] ~= '' and found ~= ARGV[3] then return 1 end
        if not redis.call('ZSCORE', KEYS[2], ARGV[1]) and redis.call('ZCARD', KEYS[2]) >= tonumber(ARGV[7]) then return 2 end
        redis.call('DEL', KEYS[1])
        redis.call('HSET', KEYS[1], 'v', ARGV[2], 'n', redis.call('INCR', KEYS[3]))
        redis.call('ZADD', KEYS[2], 0, ARGV[1])
        if ARGV[5] ~= '' then
          redis.call('HSET', KEYS[1], 'e', ARGV[5])
          redis.call('PEXPIRE', KEYS[1], ARGV[6])
        end
        return 0
        """);

    private static readonly RedisScript Take = new("""
        local found = redis.call('HMGET', KEYS[1], 'v', 'n', 'e')
        redis.call('DEL', KEYS[1])
        redis.call('ZREM', KEYS[2], ARGV[1])
        return found
        """);

    private static readonly RedisScript List = new("""
        local page = {}
        for _, name in ipairs(redis.call('ZRANGEBYLEX', KEYS[1], ARGV[2], ARGV[3], 'LIMIT', 0, ARGV[4])) do
          page[#page + 1] = {name, unpack(redis.call('HMGET', ARGV[1] .. name, 'v', 'n', 'e'))}
        end
        return page
        """);

    // Names whose records have ended.
    private static readonly RedisScript Sweep = new("""
        local scan = redis.call('ZSCAN', KEYS[1], ARGV[2], 'COUNT', ARGV[3])
        local ended = 0
        for i = 1, #scan[2], 2 do
          if redis.call('EXISTS', ARGV[1] .. scan[2][i]) == 0 then ended = ended + redis.call('ZREM', KEYS[1], scan[2][i]) end
        end
        return {scan[1], #scan[2] / 2, ended}
        """);

    private string _sweepCursor = "0";

    /// <inheritdoc/>
    public async ValueTask<StoredRecord?> FindAsync(string collection, string key, CancellationToken cancellationToken)
    {
        var name = RedisKeys.RecordName(collection, key);
        var found = await connection.RunForClientsAsync(
            database => database.HashGetAsync(connection.Keys.Record(name), ["v", "n", "e"]), cancellationToken);
        return Read(key, found);
    }

    /// <inheritdoc/>
    public async ValueTask<RecordResult> PutAsync(
        string collection, string key, ReadOnlyMemory<byte> value, DateTime? expiresAt, long? expectedVersion,
        CancellationToken cancellationToken)
    {
        if (value.Length > options.MaximumRecordSize) return RecordResult.TooLong;

        // A copy, as it may be sent when whoever puts it uses its memory for something else. From now on by Redis' clock, as this process'
        // own may be wrong. At least what Redis takes for a time: the record's own end decides.
        var name = RedisKeys.RecordName(collection, key);
        var now = clock.GetUtcNow().UtcDateTime;
        var lifetime = expiresAt is { } end ? Math.Max(1, (long)Math.Ceiling((end - now).TotalMilliseconds)) : 0;
        RedisValue[] arguments =
        [
            name, value.ToArray(), expectedVersion?.ToString(CultureInfo.InvariantCulture) ?? "", UnixInstant.MicrosecondsUp(now),
            expiresAt is { } instant ? UnixInstant.MicrosecondsUp(instant) : "", lifetime,
            options.MaximumRecords,
        ];
        return (int)await EvaluateAsync(
            Put, [connection.Keys.Record(name), connection.Keys.Records, connection.Keys.RecordVersion], arguments,
            cancellationToken) switch
        {
            0 => RecordResult.Stored,
            1 => RecordResult.Conflict,
            _ => RecordResult.Full,
        };
    }

    /// <inheritdoc/>
    public async ValueTask<StoredRecord?> TakeAsync(string collection, string key, CancellationToken cancellationToken)
    {
        var name = RedisKeys.RecordName(collection, key);
        var found = (RedisValue[])(await EvaluateAsync(
            Take, [connection.Keys.Record(name), connection.Keys.Records], [name], cancellationToken))!;
        return Read(key, found);
    }

    /// <inheritdoc/>
    public async ValueTask<bool> DeleteAsync(string collection, string key, CancellationToken cancellationToken) =>
        await TakeAsync(collection, key, cancellationToken) is not null;

    /// <inheritdoc/>
    public async IAsyncEnumerable<StoredRecord> ListAsync(
        string collection, string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // No UTF-8 has this byte.
        var first = RedisKeys.RecordName(collection, prefix);
        var (from, to) = ((byte[])[(byte)'[', .. first], (byte[])[(byte)'(', .. first, 0xFF]);
        var start = RedisKeys.RecordName(collection, "").Length;
        while (true)
        {
            var page = (RedisResult[])(await EvaluateAsync(
                List, [connection.Keys.Records], [connection.Keys.RecordSpace, from, to, Page], cancellationToken))!;
            foreach (var entry in page)
            {
                var fields = (RedisValue[])entry!;
                if (Read(Encoding.UTF8.GetString(((byte[])fields[0]!).AsSpan(start)), fields.AsSpan(1)) is { } record) yield return record;
            }

            if (page.Length < Page) yield break;

            from = [(byte)'(', .. (byte[])((RedisValue[])page[^1]!)[0]!];
        }
    }

    /// <summary>How many names there are: those of records that ended since the last sweep as well.</summary>
    public async ValueTask<int> CountAsync(string collection, string prefix, CancellationToken cancellationToken)
    {
        var first = RedisKeys.RecordName(collection, prefix);
        RedisValue end = (byte[])[.. first, 0xFF];
        return (int)await connection.RunForClientsAsync(
            database => database.SortedSetLengthByValueAsync(connection.Keys.Records, first, end, Exclude.Stop), cancellationToken);
    }

    /// <summary>Forgets the names of records that Redis ended: a part of them each time.</summary>
    public async ValueTask<int> SweepAsync(CancellationToken cancellationToken)
    {
        var total = 0;
        for (var looked = 0; looked < SweepLength;)
        {
            var answer = (RedisResult[])(await EvaluateAsync(
                Sweep, [connection.Keys.Records], [connection.Keys.RecordSpace, _sweepCursor, Page], cancellationToken))!;
            _sweepCursor = (string)answer[0]!;
            looked += (int)answer[1];
            total += (int)answer[2];
            if (_sweepCursor == "0") break;
        }

        return total;
    }

    private StoredRecord? Read(string key, ReadOnlySpan<RedisValue> fields)
    {
        if (fields[0].IsNull || !fields[1].TryParse(out long version)) return null;

        var end = !fields[2].IsNull && fields[2].TryParse(out long microseconds)
            ? DateTime.UnixEpoch.AddMicroseconds(microseconds) : (DateTime?)null;
        var record = new StoredRecord(key, (byte[])fields[0]!, version, end);
        return record.IsExpired(clock.GetUtcNow()) ? null : record;
    }

    private Task<RedisResult> EvaluateAsync(
        RedisScript script, RedisKey[] keys, RedisValue[] arguments, CancellationToken cancellationToken) =>
        connection.RunForClientsAsync(database => script.RunAsync(database, keys, arguments), cancellationToken);
}
