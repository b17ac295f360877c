using Teal.Core.Addresses;

namespace Teal.Web.Sessions;

/// <summary>
/// One client's way in and out as its session sees it, whatever its transport. Adding and sending are two things: whoever adds has the
/// <see cref="Queue"/> flushed then. All members may be used from any thread, and none waits for the client.
/// </summary>
public interface IClientChannel
{
    /// <summary>The id of the request that opened it, for the log.</summary>
    string Id { get; }

    /// <summary>Whose share of what clients may have it counts to; null: nobody's.</summary>
    ClientNetwork? Client { get; }

    /// <summary>How messages become bytes of this transport.</summary>
    Framing Framing { get; }

    /// <summary>What waits for the client.</summary>
    SendQueue Queue { get; }

    /// <summary>Whether it comes to its end.</summary>
    bool IsClosing { get; }

    /// <summary>Adds a message that can be read again later. False: there is no room for it.</summary>
    bool TryAdd(OutgoingMessage message);

    /// <summary>Adds a message that cannot be read again later: where there is no room for it the channel is closed.</summary>
    void Add(OutgoingMessage message);

    /// <summary>Adds a message in the same way, and sends it.</summary>
    void Send(ReadOnlySpan<byte> message, bool isText = true);

    /// <summary>
    /// Begins to end it, unless that has begun; completes when it is ended, at the latest after <see cref="ChannelOptions.CloseTimeout"/>.
    /// </summary>
    Task CloseAsync(CloseReason reason);
}
