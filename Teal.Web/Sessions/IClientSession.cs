using Teal.Core.Events;
using Teal.Core.Identities;

namespace Teal.Web.Sessions;

/// <summary>What a protocol knows of one client, from the first message to the last.</summary>
public interface IClientSession
{
    /// <summary>Whether it reads binary messages. Where it does not, their content is not kept, and it gets them empty.</summary>
    bool TakesBinary { get; }

    /// <summary>What is spoken, as <see cref="IClientProtocol.Subprotocol"/> names it; null: the classic protocol. Any thread.</summary>
    string? Protocol { get; }

    /// <summary>
    /// How many topics of each kind it is registered for; null: that cannot be told now, as a message is being done. Any thread.
    /// </summary>
    IReadOnlyDictionary<EventKind, int>? CountTopics();

    /// <summary>
    /// From now on the client is this one, whose rights are others: what it may not do any more ends. Any thread; never throws.
    /// </summary>
    void Renew(Identity identity);

    /// <summary>Takes a message. One at a time; what follows is not read before it is done.</summary>
    /// <param name="message">
    /// The whole message, not longer than <see cref="ChannelOptions.MaximumMessageSize"/>; the memory is the channel's again afterwards.
    /// </param>
    /// <param name="isText">Whether it came as text, which is valid UTF-8, or as binary.</param>
    ValueTask ReceiveAsync(ReadOnlyMemory<byte> message, bool isText);

    /// <summary>Tells the client that the server is about to stop. Any thread; never throws.</summary>
    void Drain();

    /// <summary>Completes when what the client could not get later, by connecting again, is in the channel's queue.</summary>
    Task WhenDrainedAsync();

    /// <summary>The channel has ended. Called once, behind the last message.</summary>
    void End();
}
