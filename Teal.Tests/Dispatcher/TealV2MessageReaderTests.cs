using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Teal.Core.Events;
using Teal.Core.Kinds;
using Teal.Dispatcher.Protocols;
using Teal.Dispatcher.Requests;

namespace Teal.Tests.Dispatcher;

public sealed class TealV2MessageReaderTests
{
    private const string Whole =
        """{"id":"é","create":{"type":"callback","state":"a","final_redirect_url":null,"with_fragment":true,"expires_at":"2999-01-01T00:00:00"},"register_to":{"type":"callback","state":"a","after":"00060d9a1b2c3d"},"unregister_from":{"type":"powens_domain","powens_domain":"b"},"delete":{"type":"callback","state":"c"}}""";

    [Test]
    public void Read_AMessageWithAllParts_UnderstandsEach()
    {
        var (request, fault) = Read(Whole);

        fault.Should().BeNull();
        request!.Create!.State.Should().Be("a");
        request.RegisterTo.Should().Be(new RegistrationRequest(new Topic(EventKinds.Callback, "a"), 0x60d9a1b2c3d));
        request.UnregisterFrom.Should().Be(new Topic(EventKinds.PowensDomain, "b.biapi.pro"));
        request.Delete.Should().Be("c");
    }

    [TestCase("\"earliest\"", 0, false)]
    [TestCase("\"1970-01-01T00:00:02\"", 2_000_000, true)]
    [TestCase("null", null, false)]
    public void Read_After_IsAPosition(string after, long? position, bool isInstant)
    {
        var (request, _) = Read($"{{\"register_to\":{{\"type\":\"callback\",\"state\":\"a\",\"after\":{after}}}}}");

        request!.RegisterTo!.Value.After.Should().Be(position);
        request.RegisterTo.Value.IsInstant.Should().Be(isInstant);
    }

    [Test]
    public void Cursor_OfAnyPosition_IsReadBack() => Prop.ForAll<PositiveInt, PositiveInt>(static (high, low) =>
    {
        var (position, origin) = (((long)high.Get << 20) + low.Get, new CursorOrigin(high.Get & 0xffffff, low.Get & 0xffffff));
        var (request, _) = Read($"{{\"register_to\":{{\"type\":\"callback\",\"state\":\"a\",\"after\":\"{Cursor.Encode(position, origin)}\"}}}}");
        return request!.RegisterTo!.Value.After == position && request.RegisterTo.Value.Origin == origin;
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
            (result.Request is null).Should().Be(result.Fault is not null);
        }
    }

    private static ReadResult Read(string message) => TealV2MessageReader.Read(Encoding.UTF8.GetBytes(message));
}
