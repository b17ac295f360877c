using System.Net;
using Teal.Client;
using Teal.Host.Commands;

namespace Teal.Tests.Host.Commands;

public sealed class ClientTextTests
{
    private static readonly Uri Dispatcher = new("https://teal.example.org");

    [TestCase(TealFault.MetadataElsewhere, "https://evil.example/metadata", "redirects to*, evil.example.*--allow-host evil.example")]
    [TestCase(TealFault.WebSocketElsewhere, "wss://[2001:db8::1]/websocket", "another host, [2001:db8::1].*--allow-host [2001:db8::1]")]
    [TestCase(TealFault.ClearText, "ws://teal.example.org/websocket", "names ws://teal.example.org/websocket*Teal:Dispatcher:PublicUrl*")]
    public void Describe_AnAddressThatThePasswordMayNotGoTo_SaysWhatToDo(TealFault fault, string address, string text) =>
        ClientText.Describe(new TealException(fault) { Address = new Uri(address) }, Dispatcher).Should().Match($"*{text}");

    [Test]
    public void Describe_AFaultThatPasses_IsTheDispatchersWordsWithoutTheirFullStop()
    {
        var exception = new TealException(TealFault.Refused) { Code = "state_not_stored", Detail = "The store is away." };

        ClientText.Describe(exception, Dispatcher).Should().Be("The store is away");
    }

    [Test]
    public void Describe_AnyFault_HasWordsOfItsOwn()
    {
        var exceptions = Enum.GetValues<TealFault>().Select(static fault =>
            new TealException(fault, new IOException("cause")) { Address = Dispatcher, Status = HttpStatusCode.BadGateway });

        var texts = exceptions.Select(static exception => ClientText.Describe(exception, Dispatcher));

        texts.Should().OnlyHaveUniqueItems().And.NotContain("");
    }
}
