using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Teal.Core.Events;
using Teal.Core.Kinds;
using Teal.Core.Wire;
using Teal.Dispatcher.Commands;
using Teal.Dispatcher.Protocols;

namespace Teal.Tests.Dispatcher;

public sealed class ClientMessageReaderTests
{
    private const string Expiry = "\"expires_at\":\"2026-12-31T23:59:59\"";

    [Test]
    public void Read_TheSpecificationsExample_IsUnderstood()
    {
        var read = Read("""
            {"create": {"type": "callback", "state": "abc", "final_redirect_url": "https://example.org/cb?state=def",
                        "with_fragment": false, "expires_at": "2026-12-31T23:59:59"},
             "register_to": {"type": "callback", "state": "abc"}}
            """);

        read.Commands.Should().Equal(
            new Command.Create("abc", "https://example.org/cb?state=def", false, new DateTime(2026, 12, 31, 23, 59, 59, DateTimeKind.Utc)),
            new Command.Register(new Topic(EventKinds.Callback, "abc"), null));
    }

    [TestCase("{}")]
    [TestCase("{\"create\":null,\"register_to\":null}")]
    [TestCase("{\"unknown\":[1,{\"deep\":true}],\"register_to\":null}")]
    public void Read_AMessageThatAsksForNothing_IsUnderstood(string message) => Read(message).Commands.Should().BeEmpty();

    [TestCase("{\"type\":\"callback\",\"state\":\"s\",\"unknown\":1," + Expiry + "}")]
    [TestCase("{\"type\":\"callback\",\"state\":\"s\",\"final_redirect_url\":null," + Expiry + "}")]
    [TestCase("{\"type\":\"callback\",\"state\":\"\\u0000\\n\",\"with_fragment\":true," + Expiry + "}")]
    public void Read_ACreate_IsUnderstood(string create) => Read($"{{\"create\":{create}}}").Find<Command.Create>().Should().NotBeNull();

    [TestCase("\"2026-12-31 23:59:59.123456789\"", "2026-12-31T23:59:59.123456")]
    [TestCase("\"2026-12-31T23:59+0200\"", "2026-12-31T21:59:00.000000")]
    [TestCase("1798761599", "2026-12-31T23:59:59.000000")]
    [TestCase("1798761599.25", "2026-12-31T23:59:59.250000")]
    [TestCase("1798761599250", "2026-12-31T23:59:59.250000")]
    [TestCase("\"1798761599\"", "2026-12-31T23:59:59.000000")]
    [TestCase("\"1798761599250\"", "2026-12-31T23:59:59.250000")]
    [TestCase("1798761599e0", "2026-12-31T23:59:59.000000")]
    public void Read_ExpiresAtInAnyForm_IsTheInstant(string expiresAt, string instant)
    {
        var create = Read($"{{\"create\":{{\"type\":\"callback\",\"state\":\"s\",\"expires_at\":{expiresAt}}}}}").Find<Command.Create>()!;
        WireTimestamp.Format(create.EndsAt).Should().Be(instant);
    }

    [TestCase("null")]
    [TestCase("true")]
    [TestCase("\"\"")]
    [TestCase("\"tomorrow\"")]
    [TestCase("\"2026-12-31\"")]
    [TestCase("1e400")]
    [TestCase("1e25")]
    [TestCase("-1e27")]
    [TestCase("\"1e9\"")]
    [TestCase("\"NaN\"")]
    [TestCase("[2026]")]
    [TestCase("\"9999-12-31T23:59:59-14:00\"")]
    public void Read_ExpiresAtThatIsNone_IsRefused(string expiresAt) =>
        Read($"{{\"create\":{{\"type\":\"callback\",\"state\":\"s\",\"expires_at\":{expiresAt}}}}}").Fault.Should().NotBeNull();

    [TestCase("{\"state\":\"s\"," + Expiry + "}")]
    [TestCase("{\"type\":\"other\",\"state\":\"s\"," + Expiry + "}")]
    [TestCase("{\"type\":\"callback\"," + Expiry + "}")]
    [TestCase("{\"type\":\"callback\",\"state\":\"\"," + Expiry + "}")]
    [TestCase("{\"type\":\"callback\",\"state\":123," + Expiry + "}")]
    [TestCase("{\"type\":\"callback\",\"state\":null," + Expiry + "}")]
    [TestCase("{\"type\":\"callback\",\"state\":\"\\ud800\"," + Expiry + "}")]
    [TestCase("{\"type\":\"callback\",\"state\":\"s\",\"with_fragment\":1," + Expiry + "}")]
    [TestCase("{\"type\":\"callback\",\"state\":\"s\",\"with_fragment\":null," + Expiry + "}")]
    [TestCase("{\"type\":\"callback\",\"state\":\"s\",\"final_redirect_url\":\"\"," + Expiry + "}")]
    [TestCase("{\"type\":\"callback\",\"state\":\"s\",\"final_redirect_url\":\"ftp://example.org\"," + Expiry + "}")]
    [TestCase("{\"type\":\"callback\",\"state\":\"s\",\"final_redirect_url\":5," + Expiry + "}")]
    [TestCase("{\"type\":\"callback\",\"state\":\"s\",\"final_redirect_url\":\"https://example.org/\\r\\nX: y\"," + Expiry + "}")]
    [TestCase("{\"type\":\"callback\",\"state\":\"s\"}")]
    [TestCase("\"callback\"")]
    [TestCase("[]")]
    [TestCase("7")]
    public void Read_ABadCreateBesideAGoodRegistration_RefusesBoth(string create)
    {
        var result = Read($"{{\"create\":{create},\"register_to\":{{\"type\":\"callback\",\"state\":\"s\"}}}}");
        result.Fault.Should().NotBeNull();
        result.Commands.Should().BeNull();
    }

    [TestCase("{\"type\":\"callback\"}")]
    [TestCase("{\"type\":\"callback\",\"state\":\"\"}")]
    [TestCase("{\"type\":\"callback\",\"state\":5}")]
    [TestCase("{\"type\":\"callback\",\"request_id\":\"x\"}")]
    [TestCase("{\"type\":\"unknown\",\"state\":\"s\"}")]
    [TestCase("{\"type\":5,\"state\":\"s\"}")]
    [TestCase("{\"state\":\"s\"}")]
    [TestCase("{\"type\":\"callback\",\"state\":\"a\\udc00\"}")]
    [TestCase("[\"callback\",\"x\"]")]
    [TestCase("\"callback\"")]
    [TestCase("false")]
    public void Read_ABadRegistrationBesideAGoodCreate_RefusesBoth(string registerTo)
    {
        var result = Read($"{{\"create\":{{\"type\":\"callback\",\"state\":\"s\",{Expiry}}},\"register_to\":{registerTo}}}");
        result.Fault.Should().NotBeNull();
        result.Commands.Should().BeNull();
    }

    [TestCase(4096, true)]
    [TestCase(4097, false)]
    public void Read_AKeyAtTheLimit_IsCountedInBytes(int bytes, bool isTaken)
    {
        var key = new string('é', bytes / 2) + (bytes % 2 == 1 ? "x" : "");
        var result = Read($"{{\"register_to\":{{\"type\":\"callback\",\"state\":\"{key}\"}}}}");
        (result.Commands is not null).Should().Be(isTaken);
    }

    [TestCase("")]
    [TestCase("{} x")]
    [TestCase("{'create':null}")]
    [TestCase("[]")]
    [TestCase("null")]
    [TestCase("\"text\"")]
    [TestCase("{\"create\":null,}")]
    [TestCase("{\"create\"")]
    [TestCase("\ufeff{}")]
    [TestCase("[[\"create\",{}]]")]
    public void Read_SomethingThatIsNoMessage_IsRefused(string message) => Read(message).Fault.Should().NotBeNull();

    [Test]
    public void Read_AbsurdDepth_IsRefused() => Read(new string('[', 60_000)).Fault.Should().NotBeNull();

    [Test]
    public void Read_AnyText_NeverThrows() => Prop.ForAll<string>(text => Read(text ?? "") is { }).QuickCheckThrowOnFailure();

    [Test]
    public void Read_DamagedMessages_NeverThrows()
    {
        var random = new Random(11);
        var good = Encoding.UTF8.GetBytes(
            $"{{\"create\":{{\"type\":\"callback\",\"state\":\"\\ud83d\\ude00é\",\"final_redirect_url\":\"https://example.org\","
                + $"\"with_fragment\":true,{Expiry}}},\"register_to\":{{\"type\":\"callback\",\"state\":\"s\"}}}}");
        for (var i = 0; i < 50_000; i++)
        {
            var bytes = (byte[])good.Clone();
            for (var changes = random.Next(1, 4); changes > 0; changes--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            ClientMessageReader.Read(bytes.AsMemory(0, random.Next(bytes.Length + 1)));
        }
    }

    private static ReadResult Read(string message) => ClientMessageReader.Read(Encoding.UTF8.GetBytes(message));
}
