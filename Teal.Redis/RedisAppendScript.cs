namespace Teal.Redis;

/// <summary>
/// The script that keeps an event. It has as many bytes forgotten as the event brings, at most, and 64 KiB more: where a bound
/// was lowered, what is over goes with the events that come.
/// </summary>
internal static class RedisAppendScript
{
    /// <summary>
    /// Keys: events, traces, feed, claims. Arguments: topic, kind, whether it is invited, body, whether it has content,
    /// content, milliseconds to keep, cap of events and of bytes of a topic, cap of events of a room, bytes of a kind's room,
    /// of freestanding and of unclaimed ones, microseconds that events live (0: as long as their key), cap of traces,
    /// microseconds that traces live, the owner as it is written (empty: nothing is). Returns position and previous position.
    /// </summary>
    public static string For(RedisKeys keys) => RedisScriptFunctions.For(keys) + """
        local topic, kind, content = ARGV[1], ARGV[2], ARGV[5] == '1' and ARGV[6] or nil
        local owner = ARGV[17] ~= '' and ARGV[17] or nil
        local room, bytes, events = find(topic, kind)
        local kept = typeOf(KEYS[1])
        if room and kept ~= 'string' and kept ~= 'stream' then
          count(room, topic, bytes, events, -bytes, -events)
          room = nil
        end
        local claimed = tonumber(redis.call('ZSCORE', KEYS[4], topic) or nil)
        local wanted = ARGV[3] == '1' and kind
          or (room and room ~= 'u') and room
          or (claimed and claimed > now) and (hasStates[kind] and 'f' or kind)
          or 'u'
        if room and room ~= wanted then
          count(room, topic, bytes, events, -bytes, -events)
          count(wanted, topic, 0, 0, bytes, events)
        end
        if not room then bytes, events = 0, 0 end
        room = wanted

        local previous = last(topic)
        local position = text(math.max(now, previous + 1, created() + 1))
        if events == 0 or (kept ~= 'string' and kept ~= 'stream') then
          redis.call('SET', KEYS[1], cmsgpack.pack({position, previous, ARGV[4], content or false, owner}), 'PX', ARGV[7])
        else
          if kept == 'string' then
            local event = single(KEYS[1])
            redis.call('UNLINK', KEYS[1])
            if event then redis.call('XADD', KEYS[1], event[1] .. '-0', unpack(fieldsOf(event))) end
          end
          redis.call('XADD', KEYS[1], position .. '-0', unpack(fieldsOf({position, previous, ARGV[4], content or false, owner})))
          redis.call('PEXPIRE', KEYS[1], ARGV[7])
        end
        count(room, topic, bytes, events, sizeOf(ARGV[4], content), 1)
        if room ~= 'u' then
          redis.call('ZADD', KEYS[2], position, topic)
          if owner then
            redis.call('HSET', owners(kind), topic, owner)
          elseif previous ~= '0' then
            redis.call('HDEL', owners(kind), topic)
          end
          if redis.call('ZCARD', KEYS[2]) > tonumber(ARGV[15]) then
            local trace = redis.call('ZPOPMIN', KEYS[2])
            redis.call('HSET', space .. 'horizons', kind, trace[2])
            redis.call('HDEL', owners(kind), trace[1])
          else
            for _, old in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', text(now - ARGV[16]), 'LIMIT', 0, 4)) do
              redis.call('ZREM', KEYS[2], old)
              redis.call('HDEL', owners(kind), old)
            end
          end
        end

        local left = sizeOf(ARGV[4], content) + 65536
        while left > 0 do
          local bytes, events = measure(room, topic)
          if events <= 1 then break end
          local first = ARGV[14] ~= '0' and redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', 1)[1]
          local isOver = events > tonumber(ARGV[8]) or bytes > tonumber(ARGV[9])
            or (first and tonumber(string.match(first[1], '^%d+')) < now - ARGV[14])
          if not isOver then break end
          left = left - forgetOldest(room, topic, bytes, events)
        end
        local most = tonumber(room == 'u' and ARGV[13] or room == 'f' and ARGV[12] or ARGV[11])
        while left > 0 do
          local used = redis.call('HMGET', space .. 'rooms', room .. 'b', room .. 'n')
          if tonumber(used[1]) <= most and tonumber(used[2]) <= tonumber(ARGV[10]) then break end
          local largest = redis.call('ZREVRANGE', space .. 'room:' .. room, 0, 1)
          local _, own = measure(room, topic)
          local victim = largest[1] == topic and own <= 1 and largest[2] or largest[1]
          if not victim or (victim == topic and own <= 1) then break end
          local victimBytes, victimEvents = measure(room, victim)
          left = left - forgetOldest(room, victim, victimBytes, victimEvents)
        end

        redis.call('XADD', KEYS[3], 'MAXLEN', '~', 20000, '*', 't', topic, 'p', position)
        return {position, previous}
        """;
}
