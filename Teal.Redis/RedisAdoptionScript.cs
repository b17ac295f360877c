namespace Teal.Redis;

/// <summary>The script of <see cref="RedisAdoption"/>.</summary>
internal static class RedisAdoptionScript
{
    /// <summary>
    /// Takes over the events of a topic as versions before this one kept them. Keys: events, traces, feed, old events, old
    /// trace. Arguments: topic, kind. Returns 1 where it did.
    /// </summary>
    public static string For(RedisKeys keys) => RedisScriptFunctions.For(keys) + """
        if typeOf(KEYS[4]) ~= 'stream' then return 0 end
        local own, kept = {}, typeOf(KEYS[1])
        if kept == 'stream' then
          if redis.call('XLEN', KEYS[1]) > 64 then return 0 end
          for _, entry in ipairs(redis.call('XRANGE', KEYS[1], '-', '+')) do own[#own + 1] = {entry[1], entry[2]} end
        elseif kept == 'string' then
          local event = single(KEYS[1])
          if event then own[1] = {event[1] .. '-0', fieldsOf(event)} end
        end
        local room, bytes, events = find(ARGV[1], ARGV[2])
        if room then count(room, ARGV[1], bytes, events, -bytes, -events) end
        redis.call('UNLINK', KEYS[1])
        redis.call('RENAME', KEYS[4], KEYS[1])
        redis.call('DEL', KEYS[5])
        for _, entry in ipairs(own) do redis.pcall('XADD', KEYS[1], entry[1], unpack(entry[2])) end
        local length = redis.call('XLEN', KEYS[1])
        if length == 0 then return 1 end
        local size = redis.pcall('MEMORY', 'USAGE', KEYS[1])
        size = math.ceil((type(size) == 'number' and size or length * 512) / 64) * 64
        count(ARGV[2], ARGV[1], 0, 0, size, length)
        redis.call('ZADD', KEYS[2], lastOf(KEYS[1]), ARGV[1])
        redis.call('XADD', KEYS[3], 'MAXLEN', '~', 20000, '*', 't', ARGV[1], 'p', lastOf(KEYS[1]))
        return 1
        """;
}
