namespace Teal.Web.Sessions;

/// <summary>
/// What a transport itself has to say to one client, such as a ping: at most one ping and one other frame. The lock of its
/// <see cref="SendQueue"/> guards it.
/// </summary>
internal struct ControlFrames
{
    private byte[]? _ping;
    private byte[]? _other;
    private Signal _room;

    /// <summary>Whether nothing waits.</summary>
    public readonly bool IsEmpty => _ping is null && _other is null;

    /// <summary>Adds a ping, unless one waits.</summary>
    public void Ping(byte[] frame) => _ping = frame;

    /// <summary>Takes the ping out.</summary>
    public void DropPing() => _ping = null;

    /// <summary>Adds another frame, copied. Null: it was added. Otherwise when to try again.</summary>
    public Task? TryAdd(ReadOnlyMemory<byte> frame)
    {
        if (_other is not null) return _room.WaitAsync();

        _other = frame.ToArray();
        return null;
    }

    /// <summary>Takes what comes next; empty: nothing does.</summary>
    public ReadOnlySpan<byte> Take()
    {
        var next = _ping ?? _other;
        if (_ping is not null)
        {
            _ping = null;
            return next;
        }

        _other = null;
        _room.Set();
        return next;
    }

    /// <summary>Drops all of it, and whoever waits to add something.</summary>
    public void Clear()
    {
        (_ping, _other) = (null, null);
        _room.Set();
    }
}
