using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Teal.Tests.Support;

/// <summary>Ports for servers that cannot choose one themselves, or that start again on the same one.</summary>
internal static class LoopbackPort
{
    // A socket that is bound and does not listen holds its port for the life of the tests: the system gives it to nobody who asks for any
    // port, and to no outgoing connection. A server that asks for this very one gets it, as both allow the address to be used again.
    private static readonly ConcurrentBag<Socket> Held = [];

    /// <summary>A port where nothing listens, and that only who knows its number gets.</summary>
    public static int Find()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        Held.Add(socket);
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    /// <summary>Whether somebody listens there. It asks by a connection: whoever is about to listen is not disturbed.</summary>
    public static bool Listens(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Connect(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
