namespace Teal.Redis;

/// <summary>
/// The journal's scripts. Each is one round trip, happens as a whole, and does a bounded amount of work, whatever is kept. Positions stay
/// below 2^53, where Lua's numbers are exact. They touch the topic's own keys and those that all topics share
/// (<see cref="RedisEventJournal"/>), and those of topics that have to forget.
/// </summary>
internal sealed class RedisJournalScripts(RedisKeys keys)
{
    /// <summary>Keeps an event.</summary>
    public RedisScript Append { get; } = new(RedisAppendScript.For(keys));

    /// <summary>
    /// Keys: events, traces. Arguments: topic, kind, position behind which it is read, how many at most (0: none), how many bytes at most,
    /// how long one event may be (a longer one comes without its contents). Returns the last position, the time, the horizon, the events as
    /// position, previous position, body, content and owner as it is written, and when the journal was made.
    /// </summary>
    public RedisScript Read { get; } = new(RedisScriptFunctions.For(keys) + """
        local events, left, longest, kept = {}, tonumber(ARGV[5]), tonumber(ARGV[6]), typeOf(KEYS[1])
        if kept == 'string' and tonumber(ARGV[4]) > 0 and redis.call('STRLEN', KEYS[1]) <= longest then
          local event = single(KEYS[1])
          if event and tonumber(event[1]) > tonumber(ARGV[3]) then events[1] = event end
        elseif kept == 'stream' then
          local first = text(ARGV[3] + 1) .. '-0'
          while #events < tonumber(ARGV[4]) and left > 0 do
            local entry = redis.call('XRANGE', KEYS[1], first, '+', 'COUNT', 1)[1]
            if not entry then break end
            local json, previous, content = field(entry[2], 'e') or '', field(entry[2], 'p'), field(entry[2], 'c')
            if #json + (content and #content or 0) > longest then json, content = '', nil end
            previous = isPosition(previous) and previous or '0'
            events[#events + 1] = {string.match(entry[1], '^%d+'), previous, json, content or false, field(entry[2], 'o')}
            first, left = '(' .. entry[1], left - #json - (content and #content or 0)
          end
        end
        local room = kept == 'none' and find(ARGV[1], ARGV[2])
        local lost = room and room ~= 'u' and now or 0
        local horizon = math.max(lost, tonumber(created()), tonumber(redis.call('HGET', space .. 'horizons', ARGV[2]) or 0))
        return {last(ARGV[1]), text(now), text(horizon), events, created()}
        """);

    /// <summary>
    /// Keys: events, traces. Arguments: topic, kind. Returns whose the last event was, as it is written, or an empty text where nothing is;
    /// nothing: none is known.
    /// </summary>
    public RedisScript FindOwner { get; } = new(RedisScriptFunctions.For(keys) + """
        local kept = typeOf(KEYS[1])
        local event = kept == 'string' and single(KEYS[1])
        if event then return event[5] or '' end
        local last = kept == 'stream' and redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)[1]
        if last then return field(last[2], 'o') or '' end
        return redis.call('ZSCORE', KEYS[2], ARGV[1]) and (redis.call('HGET', owners(ARGV[2]), ARGV[1]) or '')
        """);

    /// <summary>
    /// Keys: events, traces, claims. Arguments: topic, kind, microseconds that the claim lasts, how many claims there may be.
    /// </summary>
    public RedisScript Claim { get; } = new(RedisScriptFunctions.For(keys) + """
        redis.call('ZADD', KEYS[3], text(now + ARGV[3]), ARGV[1])
        for _, over in ipairs(redis.call('ZRANGEBYSCORE', KEYS[3], '-inf', text(now), 'LIMIT', 0, 16)) do
          redis.call('ZREM', KEYS[3], over)
        end
        if redis.call('ZCARD', KEYS[3]) > tonumber(ARGV[4]) then redis.call('ZPOPMIN', KEYS[3]) end
        local room, bytes, events = find(ARGV[1], ARGV[2])
        if room ~= 'u' then return 0 end
        redis.call('ZADD', KEYS[2], last(ARGV[1]), ARGV[1])
        count('u', ARGV[1], bytes, events, -bytes, -events)
        count(hasStates[ARGV[2]] and 'f' or ARGV[2], ARGV[1], 0, 0, bytes, events)
        return 1
        """);

    /// <summary>Keys: events, traces. Arguments: topic, kind.</summary>
    public RedisScript Delete { get; } = new(RedisScriptFunctions.For(keys) + """
        local room, bytes, events = find(ARGV[1], ARGV[2])
        if not room then return 0 end
        redis.call('UNLINK', KEYS[1])
        count(room, ARGV[1], bytes, events, -bytes, -events)
        return events
        """);

    /// <summary>
    /// Has topics that ended by themselves leave a room. Keys: none. Arguments: room, cursor, whether the others are deleted as well.
    /// Returns the next cursor, how many topics were looked at, and how many events left.
    /// </summary>
    public RedisScript Sweep { get; } = new(RedisScriptFunctions.For(keys) + """
        local page = redis.call('ZSCAN', space .. 'room:' .. ARGV[1], ARGV[2], 'COUNT', 128)
        local left = 0
        for i = 1, #page[2], 2 do
          local topic = page[2][i]
          local bytes, events = measure(ARGV[1], topic)
          if bytes and (ARGV[3] == '1' or redis.call('EXISTS', space .. 'e:' .. topic) == 0) then
            redis.call('UNLINK', space .. 'e:' .. topic)
            count(ARGV[1], topic, bytes, events, -bytes, -events)
            left = left + events
          end
        end
        return {page[1], #page[2] / 2, left}
        """);
}
