namespace Teal.Client;

/// <summary>What a <see cref="TealException"/> is about.</summary>
public enum TealFault
{
    /// <summary>The dispatcher does not answer, or with an error of its own; the inner exception tells why. Transient.</summary>
    Unreachable,

    /// <summary>What was asked for a websocket answered with something else: a proxy's status, as a rule. Transient.</summary>
    HandshakeRefused,

    /// <summary>The connection broke, or what was asked was not answered in time. Transient.</summary>
    ConnectionBroken,

    /// <summary>The dispatcher closed the connection, as at its end. Transient.</summary>
    ConnectionClosed,

    /// <summary>User or password are wrong.</summary>
    Unauthorized,

    /// <summary>The dispatcher ended the connection, as what it was opened with does not count any more (specification 8.7).</summary>
    CredentialsOver,

    /// <summary>What answers is no dispatcher: its status says that there is no metadata.</summary>
    NoDispatcher,

    /// <summary>The metadata cannot be read.</summary>
    InvalidMetadata,

    /// <summary>The metadata was redirected to a host that the password may not be sent to.</summary>
    MetadataElsewhere,

    /// <summary>The metadata names a websocket at a host that the password may not be sent to.</summary>
    WebSocketElsewhere,

    /// <summary>The metadata names a websocket without TLS, where TLS was asked for.</summary>
    ClearText,

    /// <summary>The dispatcher keeps no events, and was asked for some from before.</summary>
    NoReplay,

    /// <summary>The state could not be created; told by the classic protocol.</summary>
    StateNotCreated,

    /// <summary>The dispatcher refused; <see cref="TealException.Code"/> tells why. Transient for some codes.</summary>
    Refused,

    /// <summary>The dispatcher sent a message of more than <see cref="TealClient.LongestMessage"/>.</summary>
    MessageTooLong,

    /// <summary>The dispatcher sent a message that is no JSON object with a type.</summary>
    InvalidMessage,
}
