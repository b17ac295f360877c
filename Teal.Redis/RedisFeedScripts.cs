namespace Teal.Redis;

/// <summary>The scripts for what was appended lately.</summary>
internal static class RedisFeedScripts
{
    /// <summary>
    /// Keys: feed. Arguments: the entry from which it is read, how many at most, how long the hash of a topic is. Returns
    /// entries as their id, topic and position, of others the id alone.
    /// </summary>
    public static readonly RedisScript Read = new("""
        local entries = redis.call('XRANGE', KEYS[1], ARGV[1], '+', 'COUNT', ARGV[2])
        for i, entry in ipairs(entries) do
          local fields = entry[2]
          if #fields == 4 and #fields[2] == tonumber(ARGV[3]) and #fields[4] <= 16 and string.match(fields[4], '^%d+$') then
            entries[i] = {entry[1], fields[2], fields[4]}
          else
            entries[i] = {entry[1]}
          end
        end
        return entries
        """);

    /// <summary>Keys: feed. Returns the id of the last entry, and makes one where there is none.</summary>
    public static readonly RedisScript FindEnd = new("""
        local last = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)[1]
        return last and last[1] or redis.call('XADD', KEYS[1], '*', 'start', '1')
        """);
}
