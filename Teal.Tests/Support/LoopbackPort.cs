using System.Net;
using System.Net.Sockets;

namespace Teal.Tests.Support;

/// <summary>Ports for servers that cannot choose one themselves.</summary>
internal static class LoopbackPort
{
    // Below what Linux hands out by itself (32768 and up): no outgoing connection takes the port while its server is down.
    private const int First = 20000, AfterLast = 32000, Attempts = 100;

    /// <summary>A port where nothing listens now. Nothing holds it: another process may come first.</summary>
    public static int Find()
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var port = Random.Shared.Next(First, AfterLast);
            if (IsFree(port)) return port;
        }

        throw new InvalidOperationException($"Not one of {Attempts} ports was free.");
    }

    /// <summary>Whether nothing listens there, on loopback or everywhere.</summary>
    public static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
