using System.Globalization;
using System.Text;
using Teal.Core.Kinds;

namespace Teal.Redis;

/// <summary>
/// The journal's scripts. Each is one round trip, happens as a whole, and does a bounded amount of work, whatever is kept. Positions stay below 2^53, where Lua's
/// numbers are exact. They touch the topic's own keys and those that all topics share (<see cref="RedisEventJournal"/>), and those of topics that have to forget.
/// </summary>
internal sealed class RedisJournalScripts(RedisKeys keys)
{
    // KEYS[1]: the topic's events; KEYS[2]: the traces of its kind. Rooms: 0, 1, 2 and so on (the kinds), f (freestanding), u (unclaimed). A room is a sorted set of topics:
    // bytes / 64 * 2^28 + events, where one event counts from 2^27 on and more the older it is, in hundredths of a second that begin anew after 15 days: so of equal ones the oldest
    // is forgotten first.
    // A topic of one event is a string, as a stream takes 4 KiB; of more it is a stream.
    // An event has as many bytes forgotten as it brings, at most, and 64 KiB more: where a bound was lowered, what is over goes with the events that come.
    private const string Functions = """
        local time = redis.call('TIME')
        local now = time[1] * 1000000 + time[2]
        local function text(number) return string.format('%.0f', number) end
        local function sizeOf(json, content) return math.ceil((200 + #json + (content and #content or 0)) / 64) * 64 end
        local function created()
          local value = redis.pcall('GET', space .. 'journal')
          if type(value) == 'string' and tonumber(value) then return value end
          redis.call('SET', space .. 'journal', text(now))
          return text(now)
        end
        local function measure(room, topic)
          local score = tonumber(redis.call('ZSCORE', space .. 'room:' .. room, topic) or nil)
          if not score then return nil end
          local events = score % 268435456
          return (score - events) / 268435456 * 64, events >= 134217728 and 1 or events
        end
        local function count(room, topic, bytes, events, moreBytes, moreEvents)
          if events + moreEvents <= 0 then
            redis.call('ZREM', space .. 'room:' .. room, topic)
          else
            local low = events + moreEvents
            if low == 1 then low = 268435455 - math.floor(now / 10000) % 134217728 else low = math.min(low, 134217727) end
            redis.call('ZADD', space .. 'room:' .. room, text((bytes + moreBytes) / 64 * 268435456 + low), topic)
          end
          redis.call('HINCRBY', space .. 'rooms', room .. 'b', text(moreBytes))
          redis.call('HINCRBY', space .. 'rooms', room .. 'n', text(moreEvents))
        end
        local function find(topic, kind)
          for _, room in ipairs(hasStates[kind] and {kind, 'f', 'u'} or {kind, 'u'}) do
            local bytes, events = measure(room, topic)
            if bytes then return room, bytes, events end
          end
        end
        local function typeOf(key) return redis.call('TYPE', key).ok end
        local function isPosition(value) return type(value) == 'string' and #value <= 16 and string.match(value, '^%d+$') end
        local function single(key)
          local ok, event = pcall(cmsgpack.unpack, redis.call('GET', key))
          return ok and type(event) == 'table' and isPosition(event[1]) and isPosition(event[2]) and type(event[3]) == 'string' and event or nil
        end
        local function lastOf(key)
          local kind = typeOf(key)
          if kind == 'string' then
            local event = single(key)
            return event and event[1] or nil
          end
          local last = kind == 'stream' and redis.call('XREVRANGE', key, '+', '-', 'COUNT', 1)[1]
          return last and string.match(last[1], '^%d+') or nil
        end
        local function last(topic) return redis.call('ZSCORE', KEYS[2], topic) or lastOf(KEYS[1]) or '0' end
        local function field(fields, name)
          for i = 1, #fields, 2 do if fields[i] == name then return fields[i + 1] end end
        end
        local function forgetOldest(room, topic, bytes, events)
          local key = space .. 'e:' .. topic
          local first = typeOf(key) == 'stream' and redis.call('XRANGE', key, '-', '+', 'COUNT', 1)[1]
          if not first or events <= 1 then
            redis.call('UNLINK', key)
            count(room, topic, bytes, events, -bytes, -events)
            return bytes
          end
          local less = math.min(bytes - 64, sizeOf(field(first[2], 'e') or '', field(first[2], 'c')))
          redis.call('XDEL', key, first[1])
          count(room, topic, bytes, events, -less, -1)
          return math.max(less, 64)
        end

        """;

    // A table of Lua.
    private static string KindsWithStates =>
        string.Join(", ", EventKinds.All.Where(static kind => kind.HasStates).Select(static kind => $"['{kind.Number}'] = true"));

    private static string Common(RedisKeys keys) =>
        $"local space = {Quote(keys.Space)}\nlocal hasStates = {{{KindsWithStates}}}\n{Functions}";

    // As Lua reads it, whatever it holds.
    private static string Quote(string text) => $"'{string.Concat(Encoding.UTF8.GetBytes(text).Select(static octet => string.Create(CultureInfo.InvariantCulture, $"\\{octet:000}")))}'";

    /// <summary>
    /// Keys: events, traces, feed, claims. Arguments: topic, kind, whether it is invited, body, whether it has content, content, milliseconds to keep, cap of events and of bytes of a
    /// topic, cap of events of a room, bytes of a kind's room, of freestanding and of unclaimed ones, microseconds that events live (0: as long as their key), cap of traces, microseconds that traces live. Returns
    /// position and previous position.
    /// </summary>
    public string Append { get; } = Common(keys) + """
        local topic, kind, content = ARGV[1], ARGV[2], ARGV[5] == '1' and ARGV[6] or nil
        local room, bytes, events = find(topic, kind)
        local kept = typeOf(KEYS[1])
        if room and kept ~= 'string' and kept ~= 'stream' then
          count(room, topic, bytes, events, -bytes, -events)
          room = nil
        end
        local claimed = tonumber(redis.call('ZSCORE', KEYS[4], topic) or nil)
        local wanted = ARGV[3] == '1' and kind or (room and room ~= 'u') and room or (claimed and claimed > now) and (hasStates[kind] and 'f' or kind) or 'u'
        if room and room ~= wanted then
          count(room, topic, bytes, events, -bytes, -events)
          count(wanted, topic, 0, 0, bytes, events)
        end
        if not room then bytes, events = 0, 0 end
        room = wanted

        local previous = last(topic)
        local position = text(math.max(now, previous + 1, created() + 1))
        local function add(id, previous, json, content)
          if content then redis.call('XADD', KEYS[1], id .. '-0', 'e', json, 'p', previous, 'c', content) else redis.call('XADD', KEYS[1], id .. '-0', 'e', json, 'p', previous) end
        end
        if events == 0 or (kept ~= 'string' and kept ~= 'stream') then
          redis.call('SET', KEYS[1], cmsgpack.pack({position, previous, ARGV[4], content or false}), 'PX', ARGV[7])
        else
          if kept == 'string' then
            local event = single(KEYS[1])
            redis.call('UNLINK', KEYS[1])
            if event then add(event[1], event[2], event[3], event[4]) end
          end
          add(position, previous, ARGV[4], content)
          redis.call('PEXPIRE', KEYS[1], ARGV[7])
        end
        count(room, topic, bytes, events, sizeOf(ARGV[4], content), 1)
        if room ~= 'u' then
          redis.call('ZADD', KEYS[2], position, topic)
          if redis.call('ZCARD', KEYS[2]) > tonumber(ARGV[15]) then
            redis.call('HSET', space .. 'horizons', kind, redis.call('ZPOPMIN', KEYS[2])[2])
          else
            for _, old in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', text(now - ARGV[16]), 'LIMIT', 0, 4)) do redis.call('ZREM', KEYS[2], old) end
          end
        end

        local left = sizeOf(ARGV[4], content) + 65536
        while left > 0 do
          local bytes, events = measure(room, topic)
          if events <= 1 then break end
          local first = ARGV[14] ~= '0' and redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', 1)[1]
          local isOver = events > tonumber(ARGV[8]) or bytes > tonumber(ARGV[9]) or (first and tonumber(string.match(first[1], '^%d+')) < now - ARGV[14])
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

    /// <summary>
    /// Keys: events, traces. Arguments: topic, kind, position behind which it is read, how many at most (0: none), how many bytes at most, how long one event may be
    /// (a longer one comes without its contents). Returns the last position, the time, the horizon, the events as position, previous position, body and content, and when the journal was made.
    /// </summary>
    public string Read { get; } = Common(keys) + """
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
            events[#events + 1] = {string.match(entry[1], '^%d+'), isPosition(previous) and previous or '0', json, content or false}
            first, left = '(' .. entry[1], left - #json - (content and #content or 0)
          end
        end
        local room = kept == 'none' and find(ARGV[1], ARGV[2])
        local lost = room and room ~= 'u' and now or 0
        return {last(ARGV[1]), text(now), text(math.max(lost, tonumber(created()), tonumber(redis.call('HGET', space .. 'horizons', ARGV[2]) or 0))), events, created()}
        """;

    /// <summary>Keys: feed. Arguments: the entry from which it is read, how many at most, how long the hash of a topic is. Returns entries as their id, topic and position, of others the id alone.</summary>
    public const string ReadFeed = """
        local entries = redis.call('XRANGE', KEYS[1], ARGV[1], '+', 'COUNT', ARGV[2])
        for i, entry in ipairs(entries) do
          local fields = entry[2]
          if #fields == 4 and #fields[2] == tonumber(ARGV[3]) and #fields[4] <= 16 and string.match(fields[4], '^%d+$') then entries[i] = {entry[1], fields[2], fields[4]} else entries[i] = {entry[1]} end
        end
        return entries
        """;

    /// <summary>Keys: feed. Returns the id of the last entry, and makes one where there is none.</summary>
    public const string FindFeedEnd = """
        local last = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)[1]
        return last and last[1] or redis.call('XADD', KEYS[1], '*', 'start', '1')
        """;

    /// <summary>Keys: events, traces, claims. Arguments: topic, kind, microseconds that the claim lasts, how many claims there may be.</summary>
    public string Claim { get; } = Common(keys) + """
        redis.call('ZADD', KEYS[3], text(now + ARGV[3]), ARGV[1])
        for _, over in ipairs(redis.call('ZRANGEBYSCORE', KEYS[3], '-inf', text(now), 'LIMIT', 0, 16)) do redis.call('ZREM', KEYS[3], over) end
        if redis.call('ZCARD', KEYS[3]) > tonumber(ARGV[4]) then redis.call('ZPOPMIN', KEYS[3]) end
        local room, bytes, events = find(ARGV[1], ARGV[2])
        if room ~= 'u' then return 0 end
        redis.call('ZADD', KEYS[2], last(ARGV[1]), ARGV[1])
        count('u', ARGV[1], bytes, events, -bytes, -events)
        count(hasStates[ARGV[2]] and 'f' or ARGV[2], ARGV[1], 0, 0, bytes, events)
        return 1
        """;

    /// <summary>Keys: events, traces. Arguments: topic, kind.</summary>
    public string Delete { get; } = Common(keys) + """
        local room, bytes, events = find(ARGV[1], ARGV[2])
        if not room then return 0 end
        redis.call('UNLINK', KEYS[1])
        count(room, ARGV[1], bytes, events, -bytes, -events)
        return events
        """;

    /// <summary>
    /// Takes over the events of a topic as versions before this one kept them. Keys: events, traces, feed, old events, old trace. Arguments: topic, kind. Returns 1 where it did.
    /// </summary>
    public string Adopt { get; } = Common(keys) + """
        if typeOf(KEYS[4]) ~= 'stream' then return 0 end
        local own, kept = {}, typeOf(KEYS[1])
        if kept == 'stream' then
          if redis.call('XLEN', KEYS[1]) > 64 then return 0 end
          for _, entry in ipairs(redis.call('XRANGE', KEYS[1], '-', '+')) do own[#own + 1] = {entry[1], entry[2]} end
        elseif kept == 'string' then
          local event = single(KEYS[1])
          if event then own[1] = {event[1] .. '-0', {'e', event[3], 'p', event[2], event[4] and 'c' or nil, event[4] or nil}} end
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

    /// <summary>
    /// Has topics that ended by themselves leave a room. Keys: none. Arguments: room, cursor, whether the others are deleted as well. Returns the next cursor, how many topics
    /// were looked at, and how many events left.
    /// </summary>
    public string Sweep { get; } = Common(keys) + """
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
        """;
}
