namespace Teal.Host.Client;

/// <summary>What was asked for a websocket answered, and with something else. It may be over when it is asked again.</summary>
/// <param name="message">What it answered.</param>
/// <param name="innerException">What the library says.</param>
internal sealed class HandshakeException(string message, Exception innerException) : IOException(message, innerException);
