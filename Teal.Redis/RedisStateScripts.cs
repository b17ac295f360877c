using Teal.Core.Identities;

namespace Teal.Redis;

/// <summary>
/// The scripts that change states: whose a state is has to be looked at in the same step. Keys: the state. Their first three arguments: the
/// longest value that is read, the present instant as values have it, whoever changes it.
/// </summary>
internal static class RedisStateScripts
{
    // Whose state it is, and whether that is over; what cannot be read is nobody's. An end with a zone, or as a number, is left to the
    // key's own: only values of others have one.
    private const string FindOwner = $$"""
        local function find()
          local value = redis.pcall('GETRANGE', KEYS[1], 0, ARGV[1])
          if type(value) ~= 'string' or #value > tonumber(ARGV[1]) or not string.find(value, '^%s*{') then return end
          local isRead, state = pcall(cjson.decode, value)
          if not isRead then return end
          local owner, ending = state.owner, state.expires_at
          if owner == nil or owner == cjson.null then owner = '{{Identity.AnonymousName}}' end
          if type(owner) ~= 'string' then return end
          local isOver = type(ending) == 'string' and string.find(ending, '^%d+%-%d%d%-%d%dT[%d:.]+$') and ending <= ARGV[2]
          return owner, isOver
        end
        local owner, isOver = find()

        """;

    /// <summary>
    /// Stores a state. Further arguments: the value, and its lifetime in milliseconds (empty: it has no end; 0: it is over). Returns 0
    /// where it is stored, 1 where it is another's.
    /// </summary>
    public static readonly RedisScript Put = new(FindOwner + """
        if owner and owner ~= ARGV[3] and not isOver then return 1 end
        if ARGV[5] == '0' then
          redis.call('DEL', KEYS[1])
        elseif ARGV[5] == '' then
          redis.call('SET', KEYS[1], ARGV[4])
        else
          redis.call('SET', KEYS[1], ARGV[4], 'PX', ARGV[5])
        end
        return 0
        """);

    /// <summary>Deletes a state. Returns 1 where it was there.</summary>
    public static readonly RedisScript Delete = new(FindOwner + """
        if owner and owner ~= ARGV[3] then return 0 end
        return redis.call('DEL', KEYS[1])
        """);
}
