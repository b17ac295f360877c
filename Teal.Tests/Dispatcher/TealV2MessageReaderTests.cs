using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Teal.Core.Events;
using Teal.Core.Kinds;
using Teal.Dispatcher.Commands;
using Teal.Dispatcher.Protocols;
using Teal.Dispatcher.Registrations;

namespace Teal.Tests.Dispatcher;

public sealed class TealV2MessageReaderTests
{
    private const string Whole =
        """{"id":"é","create":{"type":"callback","state":"a","final_redirect_url":null,"with_fragment":true,"expires_at":"2999-01-01T00:00:00"},"register_to":{"type":"callback","state":"a","after":"00060d9a1b2c3d"},"unregister_from":{"type":"powens_domain","powens_domain":"b"},"delete":{"type":"callback","state":"c"}}""";

    [Test]
    public void Read_AMessageWithAllParts_UnderstandsEach()
    {
        var (commands, fault) = Read(Whole);

        fault.Should().BeNull();
        commands.Should().Equal(
            new Command.Create("a", null, true, new DateTime(2999, 1, 1, 0, 0, 0, DateTimeKind.Utc)),
            new Command.Register(new Topic(EventKinds.Callback, "a"), 0x60d9a1b2c3d),
            new Command.Unregister(new Topic(EventKinds.PowensDomain, "b.biapi.pro")),
            new Command.Delete(new Topic(EventKinds.Callback, "c")));
    }

    [Test]
    public void Read_ACibaRequest_IsCreatedAndDeletedByItsId()
    {
        Read("""{"create":{"type":"openid_ciba_callback","request_id":"r","client_notification_token":"aZ9.-_~+/=","expires_at":"2999-01-01T00:00:00"}}""")
            .Find<Command.CreateCibaRequest>().Should().Be(
                new Command.CreateCibaRequest("r", "aZ9.-_~+/=", new DateTime(2999, 1, 1, 0, 0, 0, DateTimeKind.Utc)));
        Read("""{"delete":{"type":"openid_ciba_callback","request_id":"r"}}""").Find<Command.Delete>().Should().Be(
            new Command.Delete(new Topic(EventKinds.OpenIdCibaCallback, "r")));
    }

    [TestCase("""{"create":{"type":"openid_ciba_callback","request_id":"r","expires_at":"2999-01-01T00:00:00"}}""")]
    [TestCase("""{"create":{"type":"openid_ciba_callback","request_id":"r","client_notification_token":null,"expires_at":"2999-01-01T00:00:00"}}""")]
    [TestCase("""{"create":{"type":"openid_ciba_callback","request_id":"r","client_notification_token":7,"expires_at":"2999-01-01T00:00:00"}}""")]
    [TestCase("""{"create":{"type":"openid_ciba_callback","request_id":"r","client_notification_token":"","expires_at":"2999-01-01T00:00:00"}}""")]
    [TestCase("""{"create":{"type":"openid_ciba_callback","request_id":"r","client_notification_token":"a b","expires_at":"2999-01-01T00:00:00"}}""")]
    [TestCase("""{"create":{"type":"openid_ciba_callback","request_id":"r","client_notification_token":"é","expires_at":"2999-01-01T00:00:00"}}""")]
    [TestCase("""{"create":{"type":"openid_ciba_callback","request_id":"r","client_notification_token":"\ud800","expires_at":"2999-01-01T00:00:00"}}""")]
    [TestCase("""{"create":{"type":"openid_ciba_callback","request_id":"r","client_notification_token":"t"}}""")]
    [TestCase("""{"create":{"type":"openid_ciba_callback","request_id":"r","client_notification_token":"t","expires_at":true}}""")]
    [TestCase("""{"create":{"type":"openid_ciba_callback","request_id":"","client_notification_token":"t","expires_at":"2999-01-01T00:00:00"}}""")]
    [TestCase("""{"create":{"type":"openid_ciba_callback","request_id":7,"client_notification_token":"t","expires_at":"2999-01-01T00:00:00"}}""")]
    [TestCase("""{"create":{"type":"openid_ciba_callback","state":"r","client_notification_token":"t","expires_at":"2999-01-01T00:00:00"}}""")]
    [TestCase("""{"create":{"type":"openid_ciba_callback","request_id":"r","client_notification_token":"t","expires_at":"2999-01-01T00:00:00","with_fragment":false}}""")]
    [TestCase("""{"create":{"type":"powens_domain","powens_domain":"d","expires_at":"2999-01-01T00:00:00"}}""")]
    [TestCase("""{"delete":{"type":"powens_domain","powens_domain":"d"}}""")]
    [TestCase("""{"create":{"type":"openid_ciba_callback","request_id":"r","client_notification_token":"t","expires_at":"2999-01-01T00:00:00"},"delete":{"type":"openid_ciba_callback","request_id":"r"}}""")]
    public void Read_ACreationThatIsNone_IsInvalid(string message)
    {
        var read = Read(message);

        read.Commands.Should().BeNull();
        read.Fault!.Code.Should().Be(CommandFaultCode.InvalidMessage);
        read.Fault.Detail.Should().NotBeEmpty();
    }

    [TestCase(1024, true)]
    [TestCase(1025, false)]
    public void Read_ALongToken_IsTakenUpToWhatAHeaderMayHave(int length, bool isTaken)
    {
        var token = new string('t', length);
        var read = Read(
            $$$"""{"create":{"type":"openid_ciba_callback","request_id":"r","client_notification_token":"{{{token}}}","expires_at":"2999-01-01T00:00:00"}}""");

        (read.Fault is null).Should().Be(isTaken);
        read.Fault?.Detail.Should().NotContain(token);
    }

    [TestCase("\"earliest\"", 0, false)]
    [TestCase("\"1970-01-01T00:00:02\"", 2_000_000, true)]
    [TestCase("null", null, false)]
    public void Read_After_IsAPosition(string after, long? position, bool isInstant)
    {
        var registration = Read($"{{\"register_to\":{{\"type\":\"callback\",\"state\":\"a\",\"after\":{after}}}}}")
            .Find<Command.Register>();

        registration!.After.Should().Be(position);
        registration.IsInstant.Should().Be(isInstant);
    }

    [Test]
    public void Cursor_OfAnyPosition_IsReadBack() => Prop.ForAll<PositiveInt, PositiveInt>(static (high, low) =>
    {
        var (position, origin) = (((long)high.Get << 20) + low.Get, new CursorOrigin(high.Get & 0xffffff, low.Get & 0xffffff));
        var registration = Read(
            $"{{\"register_to\":{{\"type\":\"callback\",\"state\":\"a\","
                + $"\"after\":\"{Cursor.Encode(position, origin)}\"}}}}").Find<Command.Register>();
        return registration!.After == position && registration.Origin == origin;
    }).QuickCheckThrowOnFailure();

    [Test]
    public void Read_AnyText_NeverThrows() => Prop.ForAll<string>(static text => Read(text ?? "") is { }).QuickCheckThrowOnFailure();

    [Test]
    public void Read_DamagedMessages_NeverThrows()
    {
        var random = new Random(11);
        var good = Encoding.UTF8.GetBytes(Whole);
        for (var i = 0; i < 50_000; i++)
        {
            var bytes = (byte[])good.Clone();
            for (var changes = random.Next(1, 4); changes > 0; changes--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            var result = TealV2MessageReader.Read(bytes.AsMemory(0, random.Next(bytes.Length + 1)));
            (result.Commands is null).Should().Be(result.Fault is not null);
        }
    }

    private static ReadResult Read(string message) => TealV2MessageReader.Read(Encoding.UTF8.GetBytes(message));
}
