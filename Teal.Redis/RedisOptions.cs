namespace Teal.Redis;

/// <summary>Settings of the Redis store.</summary>
public sealed class RedisOptions
{
    /// <summary>
    /// Where Redis is: a StackExchange.Redis configuration string, several end points included, or
    /// <c>redis://[user:password@]host[:port][/database]</c>, <c>rediss://</c> for TLS. Default <c>localhost:6379</c>.
    /// <see cref="RedisConfiguration.TryParse"/> tells whether it can be read.
    /// </summary>
    public string Configuration { get; set; } = "localhost:6379";

    /// <summary>
    /// What stands in front of the names of all keys, those of callback states included, so that nothing is in common with
    /// other systems. Default nothing.
    /// </summary>
    public string KeyPrefix { get; set; } = "";

    /// <summary>
    /// The name of this system among those that have the callback states in common, and nothing else: it stands in the names
    /// of all other keys. Without a colon. Default nothing.
    /// </summary>
    public string System { get; set; } = "";

    /// <summary>How long one operation, and one try to connect, may take. Default 5 seconds.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>After how long without traffic a connection is probed, in whole seconds. Default 5 seconds.</summary>
    public TimeSpan KeepAlive { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How often it is looked whether Redis is there. Default 1 second.</summary>
    public TimeSpan WatchInterval { get; set; } = TimeSpan.FromSeconds(1);
}
