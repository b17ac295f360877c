using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Teal.Host.Administration;
using Teal.Host.Configuration;

namespace Teal.Host.Serving;

/// <summary>
/// Bounds what waits in the buffers of a connection: those of the web server, which takes a MiB that nobody reads, and those of Linux,
/// which lets 4 MiB wait for a client that does not read.
/// </summary>
internal static class SocketBuffers
{
    // Bytes that the network has not sent; what is on its way does not count, so that long ways cost no speed.
    private const int MostUnsent = 64 * 1024;

    // Bytes that have come and that nobody has looked at. A longer request line comes all the same, as the web server looks at
    // what is there.
    private const int MostUnread = BlockPool.BlockSize;

    // Connections that have come and wait to be accepted. Linux forgets those beyond, and they come again a second later.
    private const int MostComing = 4096;

    // tcp(7), linux/tcp.h. .NET has no name for it.
    private const int TcpLevel = 6, TcpNotSentLowWater = 25;

    /// <summary>
    /// Has a flush complete when the operating system took everything, and not more than <see cref="MostUnsent"/> wait there; and has a
    /// connection that nobody reads take no more than <see cref="MostUnread"/>.
    /// </summary>
    public static void BoundBuffers(this SocketTransportOptions sockets)
    {
        sockets.MaxWriteBufferSize = 1;
        sockets.MaxReadBufferSize = MostUnread;
        sockets.Backlog = MostComing;
        sockets.CreateBoundListenSocket = Listen;
    }

    // Connections have what the socket has that they were accepted by.
    private static Socket Listen(EndPoint address)
    {
        if (address is AdministrationSocket { Socket: var bound }) return bound;

        // What waits in a Unix socket Linux bounds to some 200 KiB.
        var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(address);
        if (address is IPEndPoint && OperatingSystem.IsLinux())
            socket.SetRawSocketOption(TcpLevel, TcpNotSentLowWater, BitConverter.GetBytes(MostUnsent));
        return socket;
    }
}
