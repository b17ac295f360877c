using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Teal.Host.Serving;

/// <summary>
/// Bounds what waits in the buffers of a connection whose other end does not read: those of the web server, and those of Linux, which let 4 MiB wait for each
/// connection where nothing else is said.
/// </summary>
internal static class SocketBuffers
{
    // Bytes that the network has not sent; what is on its way does not count, so that long ways cost no speed.
    private const int MostUnsent = 64 * 1024;

    // tcp(7), linux/tcp.h. .NET has no name for it.
    private const int TcpLevel = 6, TcpNotSentLowWater = 25;

    /// <summary>Has a flush complete when the operating system took everything, and not more than <see cref="MostUnsent"/> wait there.</summary>
    public static void BoundWhatIsNotSent(this SocketTransportOptions sockets)
    {
        sockets.MaxWriteBufferSize = 1;
        if (OperatingSystem.IsLinux()) sockets.CreateBoundListenSocket = Listen;
    }

    // Connections have what the socket has that they were accepted by.
    private static Socket Listen(EndPoint address)
    {
        var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(address);
        socket.SetRawSocketOption(TcpLevel, TcpNotSentLowWater, BitConverter.GetBytes(MostUnsent));
        return socket;
    }
}
