using System.Net.Sockets;
using System.Threading.Channels;
using RabbitMQ.Client.Exceptions;

namespace Teal.RabbitMq;

/// <summary>What the errors of the client library mean.</summary>
internal static class RabbitMqFault
{
    /// <summary>
    /// Whether the connection has just gone. The library cancels what it gives up, and says in several ways that it has gone.
    /// </summary>
    public static bool IsBroken(Exception exception, CancellationToken cancellationToken) =>
        exception is RabbitMQClientException or IOException or SocketException or ChannelClosedException or TimeoutException
            or ObjectDisposedException
        || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested);
}
