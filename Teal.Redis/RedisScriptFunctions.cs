using System.Globalization;
using System.Text;
using Teal.Core.Kinds;

namespace Teal.Redis;

/// <summary>What stands at the head of the journal's scripts: the functions that several of them call.</summary>
internal static class RedisScriptFunctions
{
    // KEYS[1]: the topic's events; KEYS[2]: the traces of its kind. Rooms: 0, 1, 2 and so on (the kinds), f (freestanding), u (unclaimed).
    // A room is a sorted set of topics: bytes / 64 * 2^28 + events, where one event counts from 2^27 on and more the older it is, in
    // hundredths of a second that begin anew after 15 days: so of equal ones the oldest is forgotten first.
    // A topic of one event is a string, as a stream takes 4 KiB; of more it is a stream.
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
          if not ok or type(event) ~= 'table' or type(event[3]) ~= 'string' then return nil end
          return isPosition(event[1]) and isPosition(event[2]) and event or nil
        end
        local function owners(kind) return space .. 'owners:' .. kind end
        local function fieldsOf(event)
          local fields = {'e', event[3], 'p', event[2]}
          if event[4] then fields[5], fields[6] = 'c', event[4] end
          if event[5] then fields[#fields + 1], fields[#fields + 2] = 'o', event[5] end
          return fields
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

    /// <summary>The functions, with the names of the keys that all topics share.</summary>
    public static string For(RedisKeys keys) =>
        $"local space = {Quote(keys.Space)}\nlocal hasStates = {{{KindsWithStates}}}\n{Functions}";

    // A table of Lua.
    private static string KindsWithStates =>
        string.Join(", ", EventKinds.All.Where(static kind => kind.HasStates).Select(static kind => $"['{kind.Number}'] = true"));

    // As Lua reads it, whatever it holds.
    private static string Quote(string text) =>
        $"'{string.Concat(Encoding.UTF8.GetBytes(text).Select(Escape))}'";

    private static string Escape(byte octet) => string.Create(CultureInfo.InvariantCulture, $"\\{octet:000}");
}
