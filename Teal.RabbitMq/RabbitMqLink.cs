using System.Net.Security;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using Teal.Core.Hosting;

namespace Teal.RabbitMq;

/// <summary>
/// Keeps one connection and one channel to the broker up, for one direction: connects in the background, and again after each
/// break, with waits that grow to two seconds and differ between processes, so that a broker that comes back is not overrun. It says
/// once that the broker is away, once each way in which it refuses, and once that it is back.
/// </summary>
/// <param name="purpose">What the connection is for, for the broker's list of connections and the log.</param>
/// <param name="prepare">Makes the channel and all that it needs; the link counts as up when it completes.</param>
/// <param name="settlingTime">How long after a break the link waits, once it is back, before it counts as up.</param>
internal sealed partial class RabbitMqLink(
    string purpose, RabbitMqOptions options, TimeProvider clock, ILogger logger,
    Func<IConnection, CancellationToken, Task<IChannel>> prepare, TimeSpan settlingTime = default)
    : IAsyncDisposable
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);

    // IPv6, IPv4, and what follows.
    private const int TriesAtOnce = 3;

    private static readonly TimeSpan LongestFarewell = TimeSpan.FromSeconds(1);

    /// <summary>How long it takes at most until every process has seen that the broker is back, and bound its topics again.</summary>
    public static readonly TimeSpan RebindingTime = LongestWait + TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stopping = new();
    private readonly Outage _outage = new();
    private TaskCompletionSource<IChannel> _channel = NewChannel();
    private Task _running = Task.CompletedTask;
    private volatile bool _isBlocked;

    /// <summary>Whether the broker can be reached now.</summary>
    public bool IsUp => !_isBlocked && Volatile.Read(ref _channel).Task.IsCompletedSuccessfully;

    /// <summary>Begins to connect.</summary>
    public void Start() => _running = Task.Run(RunAsync);

    /// <summary>The channel, as soon as there is one.</summary>
    public Task<IChannel> GetChannelAsync(CancellationToken cancellationToken) =>
        Volatile.Read(ref _channel).Task.WaitAsync(cancellationToken);

    /// <summary>The channel; throws <see cref="TimeoutException"/> when there is none for <paramref name="limit"/>.</summary>
    public Task<IChannel> GetChannelAsync(TimeSpan limit) => Volatile.Read(ref _channel).Task.WaitAsync(limit, clock);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_stopping.IsCancellationRequested) return;

        await _stopping.CancelAsync();
        await _running;
    }

    private static TaskCompletionSource<IChannel> NewChannel() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task RunAsync()
    {
        var wait = FirstWait;
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                await RunConnectionAsync();
                wait = FirstWait;
            }
            catch (Exception exception) when (!_stopping.IsCancellationRequested)
            {
                Tell(BrokerFault.From(exception));
                wait = wait * 2 > LongestWait ? LongestWait : wait * 2;
            }
            catch (Exception)
            {
                // Stopped while it connected.
                return;
            }

            await Task.Delay(wait * (0.5 + (Random.Shared.NextDouble() / 2)), clock, _stopping.Token)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // Completes when the connection, once up, is lost; throws when it cannot be made.
    private async Task RunConnectionAsync()
    {
        var closed = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var connection = await ConnectAsync();
        try
        {
            connection.ConnectionShutdownAsync += (_, reason) => Close(closed, reason.ReplyText);
            connection.ConnectionBlockedAsync += (_, blocked) => SetBlocked(true, blocked.Reason);
            connection.ConnectionUnblockedAsync += (_, _) => SetBlocked(false, "");
            var channel = await prepare(connection, _stopping.Token);
            channel.ChannelShutdownAsync += (_, reason) => Close(closed, reason.ReplyText);
            if (!channel.IsOpen) closed.TrySetResult("the channel was closed");
            if (_outage.IsUnderWay) await Task.WhenAny(closed.Task, Task.Delay(settlingTime, clock, _stopping.Token));

            if (_outage.TryEnd()) Log.Back(logger, purpose);
            Volatile.Read(ref _channel).TrySetResult(channel);

            Tell(new BrokerFault(await closed.Task.WaitAsync(_stopping.Token), IsRefusal: false));
        }
        finally
        {
            // Whoever asks from now on waits for the next channel.
            if (Volatile.Read(ref _channel).Task.IsCompleted) Volatile.Write(ref _channel, NewChannel());
            _isBlocked = false;
            await DisposeAsync(connection);
        }
    }

    // The library has no limit for the TLS handshake: a broker that accepts and then hangs would be waited for in silence. It has one for
    // each kind of address, and those come before.
    private async Task<IConnection> ConnectAsync()
    {
        var longest = TriesAtOnce * options.Timeout;
        using var limit = new CancellationTokenSource(longest, clock);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token, limit.Token);
        try
        {
            return await CreateFactory().CreateConnectionAsync($"Teal, {purpose}", ended.Token);
        }
        catch (Exception) when (limit.IsCancellationRequested && !_stopping.IsCancellationRequested)
        {
            throw new TimeoutException($"no answer within {longest.TotalSeconds:0.###} s");
        }
    }

    private void Tell(BrokerFault fault)
    {
        if (_outage.IsNew(fault.Reason, fault.IsRefusal)) Log.Away(logger, purpose, options.Uri.Host, options.Uri.Port, fault.Reason);
    }

    private static Task Close(TaskCompletionSource<string> closed, string reason)
    {
        closed.TrySetResult(reason);
        return Task.CompletedTask;
    }

    private async Task DisposeAsync(IConnection connection)
    {
        try
        {
            // A broker that hangs must not hold up the end of the process.
            await CloseAsync(connection).WaitAsync(LongestFarewell, clock);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            Log.NotClosed(logger, purpose, exception.GetType().Name);
        }
    }

    private static async Task CloseAsync(IConnection connection)
    {
        if (connection.IsOpen)
            await connection.CloseAsync(Constants.ReplySuccess, "Goodbye", LongestFarewell, abort: true, CancellationToken.None);
        await connection.DisposeAsync();
    }

    private Task SetBlocked(bool isBlocked, string reason)
    {
        _isBlocked = isBlocked;
        if (isBlocked) Log.Blocked(logger, purpose, reason);
        else Log.Unblocked(logger, purpose);
        return Task.CompletedTask;
    }

    private ConnectionFactory CreateFactory()
    {
        var factory = CreatePlainFactory();

        // With amqps:// the library would take a certificate that is for another host.
        factory.Ssl.ServerName = options.Uri.Host;
        factory.Ssl.AcceptablePolicyErrors = SslPolicyErrors.None;
        return factory;
    }

    private ConnectionFactory CreatePlainFactory() => new()
    {
        Uri = options.Uri,

        // This class does it: the library's own recovery neither waits differently in each process nor binds in batches.
        AutomaticRecoveryEnabled = false,
        TopologyRecoveryEnabled = false,
        RequestedHeartbeat = options.Heartbeat,
        RequestedConnectionTimeout = options.Timeout,
        SocketReadTimeout = options.Timeout,
        SocketWriteTimeout = options.Timeout,
        ContinuationTimeout = options.Timeout,
    };

    private static partial class Log
    {
        [LoggerMessage(7001, LogLevel.Warning, "RabbitMQ ({Purpose}) is away: {Host}:{Port}: {Reason}. It is tried again until it is back")]
        public static partial void Away(ILogger logger, string purpose, string host, int port, string reason);

        [LoggerMessage(7002, LogLevel.Information, "RabbitMQ ({Purpose}) is back")]
        public static partial void Back(ILogger logger, string purpose);

        [LoggerMessage(7004, LogLevel.Warning, "RabbitMQ ({Purpose}) takes no messages now: {Reason}")]
        public static partial void Blocked(ILogger logger, string purpose, string reason);

        [LoggerMessage(7005, LogLevel.Information, "RabbitMQ ({Purpose}) takes messages again")]
        public static partial void Unblocked(ILogger logger, string purpose);

        [LoggerMessage(7003, LogLevel.Debug, "A connection to RabbitMQ ({Purpose}) was not closed in order: {Fault}")]
        public static partial void NotClosed(ILogger logger, string purpose, string fault);
    }
}
