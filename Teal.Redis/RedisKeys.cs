using System.Security.Cryptography;
using System.Text;
using StackExchange.Redis;
using Teal.Core.Events;
using Teal.Core.Journal;

namespace Teal.Redis;

/// <summary>
/// The names of a system's keys (specification 4.2): <c>callback_STATE</c> is in common with all members of the TeaL family on this Redis;
/// all others begin with <see cref="Space"/>, so that two systems that are apart at the bus are apart here.
/// <see cref="RedisOptions.KeyPrefix"/> stands in front of all.
/// </summary>
internal sealed class RedisKeys
{
    private const string DefaultSpace = "teal:";

    private readonly byte[] _callback;
    private readonly byte[] _events;

    /// <summary>From the settings' prefix and system.</summary>
    public RedisKeys(RedisOptions options)
    {
        Space = $"{options.KeyPrefix}{DefaultSpace}{(options.System.Length == 0 ? "" : options.System + ":")}";
        _callback = Encoding.UTF8.GetBytes($"{options.KeyPrefix}callback_");
        _events = Encoding.UTF8.GetBytes($"{Space}e:");
        Feed = $"{Space}feed:2";
        Seal = $"{Space}seal";
        RecordSpace = Encoding.UTF8.GetBytes($"{Space}r:");
        Records = $"{Space}records";
        RecordVersion = $"{Space}records:version";
        Probe = $"{Space}probe";
        Journal = Space == DefaultSpace
            ? "redis"
            : $"redis-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Space)).AsSpan(0, 8))}";
    }

    /// <summary>What the names of this system's own keys begin with: <c>teal:</c>, or <c>teal:SYSTEM:</c>.</summary>
    public string Space { get; }

    /// <summary>The system's name as a journal's id, which is short and stands in a header.</summary>
    public string Journal { get; }

    /// <summary>What was appended lately.</summary>
    public RedisKey Feed { get; }

    /// <summary>What seals places (<see cref="PlaceKey"/>).</summary>
    public RedisKey Seal { get; }

    /// <summary>What is written to see that Redis takes writes.</summary>
    public RedisKey Probe { get; }

    /// <summary>What the names of records' keys begin with.</summary>
    public byte[] RecordSpace { get; }

    /// <summary>The names of all records.</summary>
    public RedisKey Records { get; }

    /// <summary>The last version of a record.</summary>
    public RedisKey RecordVersion { get; }

    /// <summary>A record's name among all: its collection and its key.</summary>
    public static byte[] RecordName(string collection, string key) => Encoding.UTF8.GetBytes($"{collection}\0{key}");

    /// <summary>A record, by its name among all.</summary>
    public RedisKey Record(byte[] name) => (byte[])[.. RecordSpace, .. name];

    /// <summary>A callback state.</summary>
    public RedisKey Callback(string state) => (byte[])[.. _callback, .. Encoding.UTF8.GetBytes(state)];

    /// <summary>The events of a topic.</summary>
    public RedisKey Events(Topic topic) => (byte[])[.. _events, .. TopicHash.Of(topic)];

    /// <summary>The last positions of a kind's topics.</summary>
    public RedisKey Traces(EventKind kind) => $"{Space}traces:{kind.Number}";

    /// <summary>What programs wait for.</summary>
    public RedisKey Claims(EventKind kind) => $"{Space}claims:{kind.Number}";
}
