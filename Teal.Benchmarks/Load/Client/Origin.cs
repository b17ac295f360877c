using System.Net;
using System.Net.Sockets;

namespace Teal.Benchmarks.Load.Client;

/// <summary>
/// Where a connection comes from: all of 127.0.0.0/8 is this machine, so that servers can tell clients and strangers apart by their
/// addresses.
/// </summary>
/// <param name="Address">The client's address.</param>
internal sealed record Origin(IPAddress Address)
{
    /// <summary>Most clients and victims.</summary>
    public static Origin Client { get; } = new(IPAddress.Loopback);

    /// <summary>One stranger.</summary>
    public static Origin Stranger { get; } = new(IPAddress.Parse("127.66.0.1"));

    /// <summary>How many bytes the system takes for the connection before somebody reads them; 0: as many as it likes.</summary>
    public int ReceiveWindow { get; init; }

    /// <summary>One of many clients or strangers, each at an address of its own.</summary>
    public static Origin OneOfMany(int number) => new(new IPAddress([127, 77, (byte)(number / 250), (byte)(1 + (number % 250))]));

    /// <summary>Begins to connect, and does not wait: where a server takes no connection, nobody else is to be held up.</summary>
    public void Connect(Socket socket, int port)
    {
        if (ReceiveWindow > 0) socket.ReceiveBufferSize = ReceiveWindow;
        socket.Bind(new IPEndPoint(Address, 0));
        socket.Blocking = false;
        try
        {
            socket.Connect(IPAddress.Loopback, port);
        }
        catch (SocketException)
        {
            // It is on its way; or refused, which reading it tells.
        }
    }
}
