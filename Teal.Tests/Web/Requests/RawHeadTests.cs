using System.Buffers;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Teal.Web.Requests;

namespace Teal.Tests.Web.Requests;

/// <summary>The headers of a webhook, as they came.</summary>
public sealed class RawHeadTests
{
    private const string Head =
        "POST /teal/hook/x?a=1 HTTP/1.1\r\nHost: h\r\nx-A:  1 \r\nX-A:\r\nX-Ä: ü:\t\n"
        + "X-A-Name-That-Is-Longer-Than-All-Usual-Ones: 2\r\n\r\n";

    private const int Longest = 1024;

    private static readonly string[] Headers =
        ["Host=h", "x-A=1", "X-A=", "X-Ä=ü:", "X-A-Name-That-Is-Longer-Than-All-Usual-Ones=2"];

    // The web server takes it in pieces as they come; the first has the line.
    [Test]
    public void Read_OfAHeadInTwoPieces_HasAllHeadersInTheirOrder()
    {
        var bytes = Encoding.Latin1.GetBytes(Head);
        for (var at = Head.IndexOf('\n', StringComparison.Ordinal) + 1; at <= bytes.Length; at++)
        {
            var head = new RawHead();
            head.Append(new ReadOnlySequence<byte>(bytes, 0, at), Longest);
            head.Append(new ReadOnlySequence<byte>(bytes, at, bytes.Length - at), Longest);

            head.Read("POST")!.Select(static header => $"{header.Key}={header.Value}").Should().Equal(Headers);
            head.Read("PUT").Should().BeNull("it is another request's");
            head.Clear();
            head.Read("POST").Should().BeNull();
        }
    }

    [TestCase("GET /callback?state=/hook HTTP/1.1\r\nHost: h\r\n\r\n", TestName = "of others")]
    [TestCase("GET /callback HTTP/1.1\r\nX: /hook/\r\n\r\n", TestName = "in a header")]
    [TestCase("GET /hook/x HTTP/1.1\r\nHost: h\r\n", TestName = "without an end")]
    [TestCase("GET /hook/x HTTP/1.1\r\nHost\r\n\r\n", TestName = "without a colon")]
    [TestCase("GET /hook/x HTTP/1.1\r\n: h\r\n\r\n", TestName = "without a name")]
    [TestCase("GET /hook/x\r\nHost: h\r\n\r\n", TestName = "without a version")]
    [TestCase("GET", TestName = "cut")]
    [TestCase("", TestName = "nothing")]
    public void Read_OfWhatIsNoHeadOfAWebhook_IsNothing(string text)
    {
        var head = new RawHead();
        head.Append(new ReadOnlySequence<byte>(Encoding.Latin1.GetBytes(text)), Longest);

        head.Read("GET").Should().BeNull();
    }

    // As the rest of a body that nobody wanted.
    [Test]
    public void Append_OfMoreThanAHead_KeepsNothing()
    {
        var head = new RawHead();
        head.Append(new ReadOnlySequence<byte>(Encoding.Latin1.GetBytes("POST /hook/x HTTP/1.1\r\n")), Longest);
        for (var i = 0; i < Longest; i++) head.Append(new ReadOnlySequence<byte>([(byte)'x']), Longest);
        head.Append(new ReadOnlySequence<byte>(Encoding.Latin1.GetBytes(Head)), Longest);

        head.Read("POST").Should().BeNull();
    }

    [Test]
    public void Read_OfAnyBytes_NeverThrows() => Prop.ForAll<byte[]>(static bytes =>
    {
        var head = new RawHead();
        head.Append(new ReadOnlySequence<byte>([.. "POST /hook/ HTTP/1.1\r\n"u8, .. bytes ?? []]), Longest);
        _ = head.Read("POST");
    }).QuickCheckThrowOnFailure();
}
