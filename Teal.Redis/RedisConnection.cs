using System.Net;
using StackExchange.Redis;

namespace Teal.Redis;

/// <summary>
/// The connections of a process to Redis: one for callbacks and other events, one for what clients ask for, as many may come
/// at once, and one for what is long or may be answered at length. So the short commands of the first never wait behind the
/// others. Each is made in the background when it is first needed, and made again by itself whenever it is lost, so that
/// neither order of starting matters. Any thread may call its members.
/// </summary>
public sealed class RedisConnection : IDisposable
{
    private static readonly TimeSpan ProbeLifetime = TimeSpan.FromMinutes(1);

    // What keeping an event needs, so that it fails where that would. No state has the empty name.
    private const string Probe = """
        redis.call('UNLINK', KEYS[1])
        redis.call('XADD', KEYS[1], '*', 'p', '1')
        redis.call('DEL', KEYS[1])
        redis.call('ZADD', KEYS[1], '1', 'p')
        redis.call('ZPOPMIN', KEYS[1])
        redis.call('HINCRBY', KEYS[1], 'p', '1')
        redis.call('SET', KEYS[1], '1', 'PX', ARGV[1])
        redis.call('PEXPIRE', KEYS[1], ARGV[1])
        return redis.call('EXISTS', KEYS[2])
        """;

    private readonly RedisOptions _options;
    private readonly ConfigurationOptions _configuration;
    private readonly TimeProvider _clock;
    private readonly Lazy<Task<ConnectionMultiplexer>> _multiplexer;
    private readonly Lazy<Task<ConnectionMultiplexer>> _clientMultiplexer;
    private readonly Lazy<Task<ConnectionMultiplexer>> _longMultiplexer;
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Reads the settings, and does no more. Throws <see cref="ArgumentException"/> when they cannot be read.</summary>
    public RedisConnection(RedisOptions options, TimeProvider clock)
    {
        if (!RedisConfiguration.TryParse(options.Configuration, out var configuration, out var fault))
            throw new ArgumentException($"The Redis configuration {fault}.", nameof(options));

        // Also how long the driver waits for an answer.
        configuration.ConnectTimeout = configuration.SyncTimeout = configuration.AsyncTimeout = (int)options.Timeout.TotalMilliseconds;
        configuration.KeepAlive = Math.Max(1, (int)options.KeepAlive.TotalSeconds);
        configuration.CircuitBreaker = new SilenceBreaker(options.Timeout, clock);
        _options = options;
        Keys = new RedisKeys(options);
        _configuration = configuration;
        _clock = clock;

        _multiplexer = Connect(configuration);
        _clientMultiplexer = Connect(configuration.Clone());
        _longMultiplexer = Connect(configuration.Clone());
        EndPoints = string.Join(", ", configuration.EndPoints.Select(Describe));
    }

    /// <summary>Hosts and ports, for an operator; no password.</summary>
    public string EndPoints { get; }

    /// <summary>The names of this system's keys.</summary>
    internal RedisKeys Keys { get; }

    /// <summary>Whether Redis answers, and takes writes of this process.</summary>
    public async ValueTask<bool> PingAsync(CancellationToken cancellationToken) => await ProbeAsync(cancellationToken) is null;

    /// <summary>Ends the connection; what is under way fails.</summary>
    public void Dispose()
    {
        _turn.Dispose();
        foreach (var multiplexer in new[] { _multiplexer, _clientMultiplexer, _longMultiplexer })
        {
            if (multiplexer.IsValueCreated) _ = EndAsync(multiplexer.Value);
        }
    }

    /// <summary>Why Redis cannot be used; null: it answers, and takes writes.</summary>
    internal async ValueTask<RedisStoreException?> ProbeAsync(CancellationToken cancellationToken)
    {
        try
        {
            // Unlike PING it also needs the database, the rights of a script, those to both kinds of keys, and room, and fails
            // where the store would.
            await RunAsync(
                database => database.ScriptEvaluateAsync(Probe, [Keys.Probe, Keys.Callback("")], [(long)ProbeLifetime.TotalMilliseconds]),
                cancellationToken);

            // The others are asked nothing, as that would wait behind what is long, or many.
            var isWhole = await RunLongAsync(static database => Task.FromResult(database.Multiplexer.IsConnected), cancellationToken)
                && await RunForClientsAsync(static database => Task.FromResult(database.Multiplexer.IsConnected), cancellationToken);
            return isWhole ? null : new RedisStoreException("not all connections");
        }
        catch (RedisStoreException exception)
        {
            return exception;
        }
    }

    /// <summary>What Redis does with keys when it is full, where that is to throw them away; null: it does not, or does not say.</summary>
    internal async ValueTask<string?> FindEvictionAsync(CancellationToken cancellationToken)
    {
        try
        {
            // By a script, as the driver keeps the command for those that administrate.
            var memory = (string?)await RunAsync(
                static database => database.ScriptEvaluateAsync("return redis.call('INFO', 'memory')"), cancellationToken) ?? "";
            var policy = Find(memory, "maxmemory_policy");
            return Find(memory, "maxmemory") is null or "0" || policy is null or "noeviction" ? null : policy;
        }
        catch (RedisStoreException)
        {
            return null;
        }
    }

    /// <summary>
    /// Does one operation within <see cref="RedisOptions.Timeout"/>, at once when there is no connection. Throws
    /// <see cref="RedisStoreException"/> when it fails; whether it was done is unknown then.
    /// </summary>
    internal Task<T> RunAsync<T>(Func<IDatabase, Task<T>> operation, CancellationToken cancellationToken) =>
        RunAsync(_multiplexer, operation, cancellationToken);

    /// <summary>The same for what clients ask for, on a connection of its own.</summary>
    internal Task<T> RunForClientsAsync<T>(Func<IDatabase, Task<T>> operation, CancellationToken cancellationToken) =>
        RunAsync(_clientMultiplexer, operation, cancellationToken);

    /// <summary>The same for what may be answered at length, on a connection of its own.</summary>
    internal Task<T> RunLongAsync<T>(Func<IDatabase, Task<T>> operation, CancellationToken cancellationToken) =>
        RunAsync(_longMultiplexer, operation, cancellationToken);

    /// <summary>
    /// The same for what sends much: one at a time, so that others of that connection wait behind one of these at most. Whoever does not
    /// have his turn within <see cref="RedisOptions.Timeout"/> fails.
    /// </summary>
    internal async Task<T> RunInTurnAsync<T>(Func<IDatabase, Task<T>> operation, CancellationToken cancellationToken)
    {
        if (!await _turn.WaitAsync(_options.Timeout, cancellationToken)) throw new RedisStoreException("too much is being written");
        try
        {
            return await RunLongAsync(operation, cancellationToken);
        }
        finally
        {
            GiveTurn();
        }
    }

    private void GiveTurn()
    {
        try
        {
            _turn.Release();
        }
        catch (ObjectDisposedException)
        {
            // The connection was ended meanwhile, and nobody waits any more. What the operation came to is not to be lost for that.
        }
    }

    // Not on the caller's thread: sentinels are asked one after the other, and waited for.
    private static Lazy<Task<ConnectionMultiplexer>> Connect(ConfigurationOptions configuration) =>
        new(() => Task.Run(() => ConnectionMultiplexer.ConnectAsync(configuration)));

    private async Task<T> RunAsync<T>(
        Lazy<Task<ConnectionMultiplexer>> multiplexer, Func<IDatabase, Task<T>> operation, CancellationToken cancellationToken)
    {
        var running = ExecuteAsync(multiplexer, operation);
        try
        {
            return await running.WaitAsync(_options.Timeout, _clock, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            Forget(running);
            throw;
        }
        catch (Exception exception)
        {
            Forget(running);
            throw RedisFault.Explain(exception, _options.Timeout, _configuration);
        }
    }

    private static async Task<T> ExecuteAsync<T>(Lazy<Task<ConnectionMultiplexer>> multiplexer, Func<IDatabase, Task<T>> operation) =>
        await operation((await multiplexer.Value).GetDatabase());

    // At once where it is connected.
    private static async Task EndAsync(Task<ConnectionMultiplexer> connecting)
    {
        try
        {
            await (await connecting).DisposeAsync();
        }
        catch (Exception)
        {
            // It was never connected, or could not be ended in order: nothing of it is used any more.
        }
    }

    private static string? Find(string info, string name) =>
        info.Split('\n').Select(static line => line.Trim().Split(':', 2)).FirstOrDefault(line => line.Length == 2 && line[0] == name)?[1];

    private static void Forget(Task task) => task.ContinueWith(
        static ended => _ = ended.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);

    private static string Describe(EndPoint endPoint) => endPoint switch
    {
        DnsEndPoint { Port: 0 } dns => dns.Host,
        DnsEndPoint dns => $"{dns.Host}:{dns.Port}",
        IPEndPoint { Port: 0 } ip => ip.Address.ToString(),
        _ => endPoint.ToString()!,
    };
}
