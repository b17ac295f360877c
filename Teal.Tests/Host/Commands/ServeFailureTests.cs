using System.Net;
using System.Net.Sockets;
using Teal.Tests.Support;

namespace Teal.Tests.Host.Commands;

internal sealed class ServeFailureTests
{
    [Test]
    public async Task Run_AddressInUse_EndsWithUnavailableAndOneLine()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var url = $"http://127.0.0.1:{((IPEndPoint)other.LocalEndpoint).Port}";
        using var folder = new TemporaryFolder();

        await using var process = TealProcess.Run(folder.Path, ["--Listener:Url", url, "--Dispatcher:Url", "http://127.0.0.1:0"]);

        (await process.WaitAsync()).Should().Be(69);
        process.Errors.Should().Be(
            $"teal: Failed to bind to address {url}: address already in use. See Teal:Listener:Url.\n");
    }
}
