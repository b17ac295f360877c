using System.Net;
using System.Net.Sockets;

namespace Teal.Tests.Support;

public sealed class LoopbackPortTests
{
    [Test]
    public void Find_FromManySides_GivesEachPortOnce()
    {
        var ports = new int[500];

        Parallel.For(0, ports.Length, index => ports[index] = LoopbackPort.Find());

        ports.Should().OnlyHaveUniqueItems();
    }

    [Test]
    public void Find_APort_IsForWhoAsksForIt_AgainAndAgain()
    {
        var port = LoopbackPort.Find();

        for (var start = 0; start < 3; start++)
        {
            LoopbackPort.Listens(port).Should().BeFalse();
            using var server = new TcpListener(IPAddress.Loopback, port);
            server.Start();
            LoopbackPort.Listens(port).Should().BeTrue();
        }
    }
}
