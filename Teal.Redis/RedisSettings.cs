using Teal.Core.Configuration;

using static Teal.Core.Configuration.SettingQuantities;

namespace Teal.Redis;

/// <summary>The settings of <see cref="RedisOptions"/>, under <c>Teal:Redis</c>.</summary>
public static class RedisSettings
{
    /// <summary>All of them, in the order of the documentation.</summary>
    public static readonly IReadOnlyList<Setting<RedisOptions>> All =
    [
        new("Redis:Configuration", "redis://:password@redis.example.org:6379/0",
            "a StackExchange.Redis string, or a `redis://` or `rediss://` URL",
            Address()) { Aliases = ["REDIS_URL"], IsSecret = true },
        new("Redis:KeyPrefix", "staging:",
            "what stands in front of the names of all keys, so that nothing is shared with other systems on this Redis; without it, " +
            "callback states are",
            KeyPrefix()),
        new("Redis:Timeout", "5 s", "how long Redis may take before a request fails",
            Duration<RedisOptions>(Millisecond, TimeSpan.FromMinutes(5), o => o.Timeout, (o, v) => o.Timeout = v)),
    ];

    // A StackExchange.Redis string or a Redis URL. The fault never repeats it: it may hold a password.
    private static SettingType<RedisOptions> Address() => new((options, text) =>
    {
        if (!RedisConfiguration.TryParse(text, out _, out var fault)) return fault;

        options.Configuration = text;
        return null;
    }, static options => options.Configuration);

    // What stands in front of all keys in Redis; not what the names of others begin with.
    private static SettingType<RedisOptions> KeyPrefix() => new((options, text) =>
    {
        if (text.StartsWith("callback_", StringComparison.Ordinal) || text.StartsWith("teal:", StringComparison.Ordinal))
            return "must not begin with callback_ or teal:, as the keys of systems without a prefix do";

        options.KeyPrefix = text;
        return null;
    });
}
