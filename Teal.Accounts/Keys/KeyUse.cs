using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Teal.Core.Hosting;
using Teal.Core.Identities;

namespace Teal.Accounts.Keys;

/// <summary>
/// Writes down when and from where keys are used, each at most once in <see cref="KeyOptions.UseInterval"/>. Nobody waits for it, and
/// nobody is refused because it cannot be written.
/// </summary>
internal sealed partial class KeyUse(KeyStore keys, KeyOptions options, TimeProvider clock, ILogger<KeyUse> logger)
{
    // Keys whose use is being written: of a thousand logins at once one writes.
    private readonly ConcurrentDictionary<string, bool> _underWay = new(StringComparer.Ordinal);

    /// <summary>Notes that a key was used.</summary>
    public void Note(KeyRecord key, Arrival arrival)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        if (now - key.UsedAt < options.UseInterval || !_underWay.TryAdd(key.Id, true)) return;

        _ = WriteAsync(key with { UsedAt = now, UsedFrom = arrival.Network.ToString() });
    }

    private async Task WriteAsync(KeyRecord key)
    {
        try
        {
            // Where it is changed or revoked meanwhile, somebody else has written, or there is nothing to write to.
            await keys.PutAsync(key, CancellationToken.None);
        }
        catch (Exception exception)
        {
            Log.NotWritten(logger, key.Id, StoreException.Describe(exception));
        }
        finally
        {
            _underWay.TryRemove(key.Id, out _);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(9041, LogLevel.Debug, "It could not be written when the key {KeyId} was used: {Fault}")]
        public static partial void NotWritten(ILogger logger, string keyId, string fault);
    }
}
