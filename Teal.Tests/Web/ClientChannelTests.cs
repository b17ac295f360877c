using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;
using Teal.Tests.Support;
using Teal.Web.Sessions;
using Teal.Web.WebSockets;

namespace Teal.Tests.Web;

/// <summary>What all channels do alike.</summary>
public sealed class ClientChannelTests
{
    [Test]
    public void Clients_ThatReadTooSlowly_AreOneLineInTheLog()
    {
        using var log = new LogRecorder();
        using var factory = LoggerFactory.Create(logging => logging.AddProvider(log));
        var options = new ChannelOptions { CloseTimeout = TimeSpan.FromMilliseconds(100) };
        var budget = new SendBudget(options, new ChannelTable(options, TimeProvider.System), TimeProvider.System);
        var services = new ChannelServices(budget, options, TimeProvider.System, factory.CreateLogger<ClientChannel>());
        var message = WebSocketFraming.Instance.Frame(new byte[5000], isText: true);
        for (var i = 0; i < 3; i++)
        {
            var network = new DefaultConnectionContext { Transport = new Transport(new Pipe().Reader, new Pipe().Writer) };
            using var channel = new WebSocketChannel("test", null, network, services);
            for (var messages = 0; messages < 1000 && !channel.IsClosing; messages++) channel.Add(message);
            channel.IsClosing.Should().BeTrue();
        }

        log.Lines.Should().ContainSingle(static line => line.Id == 8013);
    }

    private sealed record Transport(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
