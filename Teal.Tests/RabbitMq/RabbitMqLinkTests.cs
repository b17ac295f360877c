using System.Net.Sockets;
using System.Security.Authentication;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;
using Teal.RabbitMq;
using Teal.Tests.Support;

namespace Teal.Tests.RabbitMq;

public sealed class RabbitMqLinkTests
{
    // Where the certificate is refused nothing gets to the broker itself.
    private const int NoPort = 1;

    [Test]
    public async Task Run_ToABrokerThatFirstHangsAndThenShowsAForeignCertificate_TellsBoth()
    {
        using var certificates = TestCertificates.ForLoopback();
        await using var server = TlsProxy.Start(NoPort, certificates);
        await using var network = DroppingProxy.Start(server.Port);
        network.Drop();
        using var log = new LogRecorder();
        var options = new RabbitMqOptions { Uri = new Uri($"amqps://localhost:{network.Port}/"), Timeout = TimeSpan.FromMilliseconds(200) };
        await using var link = new RabbitMqLink(
            "testing", options, TimeProvider.System, log.CreateLogger("test"), (_, _) => throw new InvalidOperationException("it is up"));
        link.Start();
        await Eventually.HoldsAsync(() => log.Lines.Count == 1, "a warning");

        network.Forward();

        await Eventually.HoldsAsync(() => log.Lines.Count > 1, "another warning");
        await link.DisposeAsync();
        log.Lines.Select(static line => line.Id.Id).Should().Equal(7001, 7001);
        log.Lines[0].Text.Should().Contain("no answer within 0.6 s");
        log.Lines[1].Text.Should().Contain("its certificate is not trusted here");
    }

    [TestCase((ushort)403, true)]
    [TestCase((ushort)404, true)]
    [TestCase((ushort)405, true)]
    [TestCase((ushort)406, true)]
    [TestCase((ushort)530, true)]
    [TestCase((ushort)320, false)]
    [TestCase((ushort)541, false)]
    public void Fault_FromABrokersAnswer_IsARefusalWhereItDoesNotPassByItself(ushort replyCode, bool isRefusal)
    {
        var answer = new OperationInterruptedException(new ShutdownEventArgs(ShutdownInitiator.Peer, replyCode, "ITS TEXT"));

        var fault = BrokerFault.From(new BrokerUnreachableException(answer));

        fault.IsRefusal.Should().Be(isRefusal);
        fault.Reason.Should().Contain("ITS TEXT");
    }

    [Test]
    public void Fault_FromWhatTheLibraryThrows_NamesWhatToPutRight()
    {
        BrokerFault.From(new BrokerUnreachableException(new AuthenticationException("s3cr3t")))
            .Should().Be(new BrokerFault("its certificate is not trusted here, not for this host, or over", IsRefusal: true));
        BrokerFault.From(new BrokerUnreachableException(new AuthenticationFailureException("s3cr3t")))
            .Should().Be(new BrokerFault("user or password were refused", IsRefusal: true));
        BrokerFault.From(new BrokerUnreachableException(new SocketException((int)SocketError.ConnectionRefused)))
            .IsRefusal.Should().BeFalse();
        BrokerFault.From(new TimeoutException()).IsRefusal.Should().BeFalse();
    }
}
