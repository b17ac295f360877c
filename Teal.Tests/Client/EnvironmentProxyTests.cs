using System.Net;
using Teal.Client;

namespace Teal.Tests.Client;

public sealed class EnvironmentProxyTests
{
    private static readonly WebProxy Proxy = new("http://proxy.example:3128");

    [TestCase("*", "http://teal.example/")]
    [TestCase("localhost,127.0.0.1", "http://127.0.0.1:8081/")]
    [TestCase("127.0.0.0/8", "ws://127.1.2.3/websocket")]
    [TestCase("10.0.0.0/8, 192.168.0.0/16", "http://192.168.7.1/")]
    [TestCase("fd00::/8", "http://[fd00::1]:8081/")]
    [TestCase("::1", "http://[::1]:8081/")]
    [TestCase("[::1]", "http://[::1]:8081/")]
    [TestCase("[::1]:8081", "http://[::1]:8081/")]
    [TestCase("teal.example", "https://teal.example/")]
    [TestCase("teal.example", "wss://events.TEAL.example/websocket")]
    [TestCase(".example", "https://teal.example/")]
    [TestCase("*.example", "https://teal.example/")]
    [TestCase("teal.example.", "https://teal.example/")]
    [TestCase("teal.example:8081", "http://teal.example:8081/")]
    public void IsBypassed_AnException_GoesWithoutTheProxy(string exceptions, string url)
    {
        var proxy = new EnvironmentProxy(Proxy, exceptions);
        proxy.IsBypassed(new Uri(url)).Should().BeTrue();
        proxy.GetProxy(new Uri(url)).Should().BeNull();
    }

    [TestCase(null, "http://teal.example/")]
    [TestCase("", "http://teal.example/")]
    [TestCase(",. ,:,[]:1,/,1/2", "http://teal.example/")]
    [TestCase("127.0.0.0/8", "http://128.0.0.1/")]
    [TestCase("127.0.0.0/8", "http://127.example/")]
    [TestCase("teal.example", "http://anotherteal.example/")]
    [TestCase("teal.example:8081", "http://teal.example/")]
    [TestCase("127.0.0.1:8081", "http://127.0.0.1/")]
    [TestCase("::1", "http://[::2]/")]
    public void IsBypassed_AnythingElse_GoesByTheProxy(string? exceptions, string url)
    {
        var proxy = new EnvironmentProxy(Proxy, exceptions);
        proxy.IsBypassed(new Uri(url)).Should().BeFalse();
        proxy.GetProxy(new Uri(url)).Should().Be(Proxy.Address);
    }
}
