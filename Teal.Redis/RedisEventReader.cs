using System.Globalization;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;
using Teal.Core.Events;
using Teal.Core.Identities;
using Teal.Core.Kinds;

namespace Teal.Redis;

/// <summary>Reads what the journal's scripts return.</summary>
internal sealed partial class RedisEventReader(string journal, ILogger<RedisEventJournal> logger)
{
    // 1: that an event cannot be read was said.
    private int _unreadable;

    /// <summary>A number that a script wrote as a text.</summary>
    public static long Number(RedisResult result) =>
        (long)decimal.Parse((string)result!, NumberStyles.Float, CultureInfo.InvariantCulture);

    /// <summary>The place of which an entry begins with position and previous position.</summary>
    public EventPlace PlaceOf(RedisResult[] entry) => new(journal, Number(entry[0]), Number(entry[1]));

    /// <summary>
    /// The event of an entry (<see cref="RedisJournalScripts.Read"/>); null where it cannot be read: it loses itself alone.
    /// </summary>
    public TealEvent? Read(EventKind kind, RedisResult[] entry)
    {
        var content = (byte[]?)entry[3] is { } bytes ? bytes : default(ReadOnlyMemory<byte>?);
        if ((byte[]?)entry[2] is { } body && EventJsonReader.Read(kind, body, DateTime.UnixEpoch, content) is { } @event)
            return @event with { Place = PlaceOf(entry), Owner = EventOwner.FromText(kind, entry.Length > 4 ? (string?)entry[4] : null) };

        if (Interlocked.Exchange(ref _unreadable, 1) == 0) Log.Unreadable(logger, kind);
        return null;
    }

    private static partial class Log
    {
        [LoggerMessage(
            6011, LogLevel.Warning,
            "An event of the kind {Kind} in Redis cannot be read, and is passed over; further ones are not told of")]
        public static partial void Unreadable(ILogger logger, EventKind kind);
    }
}
