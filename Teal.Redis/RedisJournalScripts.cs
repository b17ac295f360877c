namespace Teal.Redis;

/// <summary>
/// The journal's scripts. Each is one round trip and happens as a whole. Positions stay below 2^53, where Lua's numbers are exact.
/// </summary>
internal static class RedisJournalScripts
{
    /// <summary>Keys: events, trace, journal, feed. Arguments: body, milliseconds to keep the events and the trace, cap, oldest position, kind, key.</summary>
    public const string Append = """
        local time = redis.call('TIME')
        local now = time[1] * 1000000 + time[2]
        local created = redis.call('GET', KEYS[3])
        if not created then
          created = string.format('%.0f', now)
          redis.call('SET', KEYS[3], created)
        end
        local previous = redis.call('GET', KEYS[2]) or '0'
        local position = string.format('%.0f', math.max(now, previous + 1, created + 1))
        redis.call('XADD', KEYS[1], 'MAXLEN', ARGV[4], position .. '-0', 'e', ARGV[1], 'p', previous)
        if ARGV[5] ~= '0' then redis.call('XTRIM', KEYS[1], 'MINID', '~', ARGV[5]) end
        redis.call('PEXPIRE', KEYS[1], ARGV[2])
        redis.call('SET', KEYS[2], position, 'PX', ARGV[3])
        redis.call('XADD', KEYS[4], 'MAXLEN', '~', 20000, '*', 'k', ARGV[6], 't', ARGV[7], 'p', position)
        return {position, previous}
        """;

    /// <summary>
    /// Keys: events, trace, journal. Arguments: first position, how many events and how many bytes of them at most, of which the last may take more.
    /// Returns the last position, the time, when the journal was created, and the events.
    /// </summary>
    public const string Read = """
        local time = redis.call('TIME')
        local now = string.format('%.0f', time[1] * 1000000 + time[2])
        local created = redis.call('GET', KEYS[3])
        if not created then
          created = now
          redis.call('SET', KEYS[3], created)
        end
        local events, first, left = {}, ARGV[1] .. '-0', tonumber(ARGV[3])
        while #events < tonumber(ARGV[2]) and left > 0 do
          local event = redis.call('XRANGE', KEYS[1], first, '+', 'COUNT', 1)[1]
          if not event then break end
          events[#events + 1], first, left = event, '(' .. event[1], left - #event[2][2]
        end
        return {redis.call('GET', KEYS[2]) or '0', now, created, events}
        """;

    /// <summary>Keys: events, trace. Arguments: milliseconds to keep either.</summary>
    public const string KeepUntil =
        "if redis.call('PEXPIRE', KEYS[1], ARGV[1]) == 1 then redis.call('PEXPIRE', KEYS[2], ARGV[2]) end return 1";
}
