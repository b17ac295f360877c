namespace Teal.Listener.Http;

/// <summary>Why a request's body was not read to its end.</summary>
internal enum BodyFault
{
    /// <summary>It took longer than <see cref="ListenerOptions.BodyTimeout"/>.</summary>
    TooSlow,

    /// <summary>It takes most of a budget that is spent.</summary>
    NoRoom,

    /// <summary>The process stops.</summary>
    Stopping,

    /// <summary>Its connection broke.</summary>
    Lost,
}
