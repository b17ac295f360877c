using Microsoft.Extensions.Logging;
using Teal.Core.Configuration;
using Teal.Core.Hosting;

namespace Teal.Accounts.Issuers;

/// <summary>
/// The keys of one issuer. It is asked when the first token comes, when its keys are old, and when a token names one that is not known:
/// by one request at a time, and not again within <see cref="IssuersOptions.KeyInterval"/>. While it is away, the last keys count.
/// </summary>
internal sealed partial class IssuerKeys(
    IssuerOptions issuer, KeyDiscovery discovery, Live<IssuersOptions> live, TimeProvider clock, ILogger<IssuerKeys> logger)
{
    private static readonly TimeSpan LeastWait = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly RepeatedMessage _failed = new(logger, LogLevel.Warning, "An issuer did not tell its keys", clock);

    // What the issuer told last, and when; and when it was asked last, a timestamp of the clock.
    private volatile Told? _told;
    private Task? _asking;
    private long? _askedAt;
    private volatile bool _isAway;

    /// <summary>The keys that count now; null: they are not known, or old.</summary>
    public KeySet? Fresh => _told is { } told && !IsOld(told) ? told.Keys : null;

    /// <summary>Finds the key that a token names, and asks the issuer where that is due.</summary>
    /// <param name="id">The key's id; null: the token names none.</param>
    /// <param name="algorithm">How the token is signed.</param>
    /// <param name="cancellationToken">Ends the waiting, but no request that others wait for.</param>
    public async ValueTask<KeyAnswer> FindAsync(string? id, SigningAlgorithm algorithm, CancellationToken cancellationToken)
    {
        // Nobody waits for an issuer that was away a moment ago, as long as there are keys.
        if (_told is { } told && IsOld(told) && TryAsk() is { } renewing && !_isAway) await renewing.WaitAsync(cancellationToken);
        if (Find(id, algorithm) is { } known) return known;
        if (TryAsk() is { } asking) await asking.WaitAsync(cancellationToken);
        return Find(id, algorithm) ?? new KeyAnswer(null, null, _isAway ? Least(WaitOf()) : null);
    }

    private KeyAnswer? Find(string? id, SigningAlgorithm algorithm) =>
        _told?.Keys is { } keys && keys.Find(id, algorithm) is { } key ? new KeyAnswer(key, keys, null) : null;

    private bool IsOld(Told told) => clock.GetElapsedTime(told.At) >= live.Now.KeyLifetime;

    private static TimeSpan Least(TimeSpan wait) => wait > LeastWait ? wait : LeastWait;

    // Null: it was asked a moment ago.
    private Task? TryAsk()
    {
        lock (_lock)
        {
            if (_asking is { IsCompleted: false }) return _asking;
            if (WaitOf() > TimeSpan.Zero) return null;

            _askedAt = clock.GetTimestamp();
            return _asking = Task.Run(AskAsync);
        }
    }

    private TimeSpan WaitOf()
    {
        lock (_lock) return _askedAt is { } askedAt ? live.Now.KeyInterval - clock.GetElapsedTime(askedAt) : TimeSpan.Zero;
    }

    private async Task AskAsync()
    {
        try
        {
            var keys = await discovery.FetchAsync(issuer);

            // The same object as long as they are the same, so that the tokens that are remembered with them stay so.
            if (_told is { } told && told.Keys.Text == keys.Text) keys = told.Keys;
            _told = new Told(keys, clock.GetTimestamp());
            _isAway = false;
            if (_failed.TryEnd()) Log.KeysAgain(logger, issuer.Name, keys.Count);
        }
        catch (DiscoveryException exception)
        {
            _isAway = true;
            if (_failed.IsNew(exception.Message)) Log.NoKeys(logger, issuer.Name, exception.Message);
        }
    }

    private sealed record Told(KeySet Keys, long At);

    private static partial class Log
    {
        [LoggerMessage(9300, LogLevel.Warning,
            "The issuer {Issuer} did not tell its keys: {Fault}; tokens with keys that are known are taken, others have to wait")]
        public static partial void NoKeys(ILogger logger, string issuer, string fault);

        [LoggerMessage(9301, LogLevel.Information, "The issuer {Issuer} tells its keys again: {Count}")]
        public static partial void KeysAgain(ILogger logger, string issuer, int count);
    }
}
