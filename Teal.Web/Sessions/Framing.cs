namespace Teal.Web.Sessions;

/// <summary>
/// How the messages of a transport are wrapped into bytes. One object for all channels of a transport, so that what is the
/// same for many is made once.
/// </summary>
public abstract class Framing
{
    /// <summary>What asks a silent client whether it is there; goes between two frames. Nobody may change it.</summary>
    public abstract byte[] Ping { get; }

    /// <summary>Wraps a message.</summary>
    /// <param name="message">Its bytes; copied.</param>
    /// <param name="isText">Whether they are UTF-8 that the client is to read as text.</param>
    public abstract OutgoingMessage Frame(ReadOnlySpan<byte> message, bool isText);
}
