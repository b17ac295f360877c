using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Teal.Core.Events;
using Teal.Core.Kinds;
using Teal.Core.Wire;

namespace Teal.Tests.Core;

public sealed class EventJsonReaderTests
{
    private static readonly DateTime Now = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    [Test]
    public void ReadTopic_OfWhatIsSent_IsTheTopic() =>
        Prop.ForAll<NonNull<string>>(text =>
        {
            var key = WellFormed(text.Get);
            TealEvent[] events =
            [
                new CallbackEvent(Now, "http://x/?state=\"", key),
                new OpenIdCibaEvent(Now, key, "t", null, new CibaPushError("domain", key)),
                new PowensWebhookEvent(Now, key, key, new PowensHmacSignature(key, key, key), null, Utf8Text.From("{\"domain\":1}")),
            ];
            return events.All(
                static @event => EventJsonReader.ReadTopic(@event.Topic.Kind, EventJson.EncodeForBus(@event)) == @event.Topic);
        }).QuickCheckThrowOnFailure();

    [Test]
    public void ReadTopic_WithoutItsEnd_DoesNotNeedIt() =>
        EventJsonReader.ReadTopic(EventKinds.PowensDomain, "{\"a\":{\"domain\":1},\"domain\":\"d\",\"payload\":\"unend"u8)
            .Should().Be(new Topic(EventKinds.PowensDomain, "d"));

    [TestCase("")]
    [TestCase("[]")]
    [TestCase("\"domain\"")]
    [TestCase("{}")]
    [TestCase("{\"domain\"")]
    [TestCase("{\"domain\":5}")]
    [TestCase("{\"domain\":null}")]
    [TestCase("{\"domain\":\"\\ud800\"}")]
    [TestCase("{\"a\":[[[[1")]
    public void ReadTopic_OfAnythingElse_IsNull(string body) =>
        EventJsonReader.ReadTopic(EventKinds.PowensDomain, Encoding.UTF8.GetBytes(body)).Should().BeNull();

    [Test]
    public void ReadAndReadTopic_OfAnyBytes_NeverThrow() =>
        Prop.ForAll<byte[]>(static bytes =>
        {
            foreach (var body in new[]
            {
                bytes,
                [.. "{\"timestamp\":\"2026-01-01T00:00:00\",\"domain\":\"d\",\"event\":\"e\",\"payload\":\""u8, .. bytes, .. "\"}"u8],
            })
            {
                _ = EventJsonReader.ReadTopic(EventKinds.PowensDomain, body);
                _ = EventJsonReader.Read(EventKinds.PowensDomain, body, Now);
            }
        }).QuickCheckThrowOnFailure();

    [Test]
    public void Read_OfAWebhook_HasItsPayload() =>
        Prop.ForAll<NonNull<string>>(text =>
        {
            var webhook = new PowensWebhookEvent(Now, "d", "e", null, null, Utf8Text.From(WellFormed(text.Get) + "é😀\u0001\"\\"));
            return webhook.Equals(EventJsonReader.Read(EventKinds.PowensDomain, EventJson.EncodeForBus(webhook), Now));
        }).QuickCheckThrowOnFailure();

    // As bytes, of which none may be invalid, and with escapes for what is no text.
    [TestCase("\\ud800")]
    [TestCase("\\ud800x\\udc00")]
    [TestCase("\u00ff", Description = "one byte that is no UTF-8")]
    public void Read_OfAPayloadThatIsNoText_IsNull(string payload)
    {
        var body = Encoding.Latin1.GetBytes(
            "{\"timestamp\":\"2026-01-01T00:00:00\",\"domain\":\"d\",\"event\":\"e\",\"payload\":\"" + payload + "\"}");
        EventJsonReader.Read(EventKinds.PowensDomain, body, Now).Should().BeNull();
    }

    private static string WellFormed(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
}
