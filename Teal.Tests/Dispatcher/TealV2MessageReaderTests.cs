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
            new Command.Delete("c"));
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
