using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Teal.Tests.Support;
using Teal.Web.Streams;

namespace Teal.Tests.Web;

public sealed class EventStreamFramingTests
{
    [TestCase("{\"a\":1}", "data: {\"a\":1}\n\n")]
    [TestCase("", "data: \n\n")]
    [TestCase("a\nb\rc\r\nd", "data: a\ndata: b\ndata: c\ndata: d\n\n")]
    [TestCase("\n", "data: \ndata: \n\n")]
    [TestCase("\n\r", "data: \ndata: \ndata: \n\n")]
    [TestCase(" a", "data:  a\n\n")]
    [TestCase("a\n\nevent: x\n: y", "data: a\ndata: \ndata: event: x\ndata: : y\n\n")]
    public void Text_OfAnyLines_HasOneDataLineForEach(string text, string frame) => Frame(text).Should().Be(frame);

    [Test]
    public void Text_OfAnyKind_IsReadBack() => Prop.ForAll<string>(static text => IsReadBack(text ?? "")).QuickCheckThrowOnFailure();

    [Test]
    public void Text_OfManyLines_IsReadBack() =>
        Prop.ForAll(
            Gen.Elements("\r", "\n", "\r\n", "a", " ", ":", "data", "event: x", "id: 1", "\ufeff", "\0", "é").ListOf().ToArbitrary(),
            static pieces => IsReadBack(string.Concat(pieces))).QuickCheckThrowOnFailure();

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(2)]
    [TestCase(3)]
    [TestCase(100_000)]
    public void Bytes_OfAnyLength_AreAnEventOfTheTypeBinary(int length)
    {
        var message = Enumerable.Range(0, length).Select(static i => (byte)i).ToArray();

        var events = EventStreamParser.Parse(Encoding.UTF8.GetString(EventStreamFraming.Instance.Frame(message, isText: false).Frames));

        events.Should().Equal(new StreamEvent(Convert.ToBase64String(message), "binary"));
    }

    // Ends of lines arrive as LF, as the format has it.
    private static bool IsReadBack(string text)
    {
        // Halves of a pair are no text.
        var valid = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
        var ping = Encoding.UTF8.GetString(EventStreamFraming.Instance.Ping);
        var events = EventStreamParser.Parse(ping + Frame(valid) + ping + Frame("end"));
        return events is [{ Type: "message" } first, { Data: "end" }] && first.Data == valid.Replace("\r\n", "\n").Replace('\r', '\n');
    }

    private static string Frame(string text)
    {
        var message = EventStreamFraming.Instance.Frame(Encoding.UTF8.GetBytes(text), isText: true);
        message.FrameLength.Should().Be(message.Length, "nothing may stand within an event");
        return Encoding.UTF8.GetString(message.Frames);
    }
}
