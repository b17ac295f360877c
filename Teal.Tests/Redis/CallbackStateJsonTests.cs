using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Teal.Core.Addresses;
using Teal.Core.States;
using Teal.Core.Wire;
using Teal.Redis;

namespace Teal.Tests.Redis;

public sealed class CallbackStateJsonTests
{
    private static readonly DateTime Expiry = new DateTime(2026, 12, 31, 23, 59, 59, DateTimeKind.Utc).AddMicroseconds(123456);

    [Test]
    public void Encode_AState_IsWhatTheOriginalWrites()
    {
        Encoded(new CallbackState("s", "https://example.org/é😀\"", false, Expiry, "anonymous")).Should().Be(
            """{"expires_at":"2026-12-31T23:59:59.123456","final_redirect_url":"https://example.org/\u00e9\ud83d\ude00\"","with_fragment":false}""");
        Encoded(new CallbackState("s", null, true, null, "anonymous")).Should().Be(
            """{"expires_at":null,"final_redirect_url":null,"with_fragment":true}""");
        Encoded(new CallbackState("s", null, false, Expiry.Date, "ann")).Should().Be(
            """{"expires_at":"2026-12-31T00:00:00.000000","final_redirect_url":null,"with_fragment":false,"owner":"ann"}""");
        Encoded(new CallbackState("s", null, false, Expiry.Date, "shop") { MadeBy = "ann" }).Should().Be(
            """{"expires_at":"2026-12-31T00:00:00.000000","final_redirect_url":null,"with_fragment":false,"owner":"shop","made_by":"ann"}""");
    }

    [Test]
    public void Encode_AnExpiryBetweenTwoMicroseconds_NeverEndsBeforeItsTime() =>
        CallbackStateJson.Decode("s", CallbackStateJson.Encode(new CallbackState("s", null, false, Expiry.AddTicks(1), "anonymous")))!
            .ExpiresAt.Should().Be(Expiry.AddMicroseconds(1));

    [TestCase("2026-12-31T23:59:59", "2026-12-31T23:59:59.000000")]
    [TestCase("2026-12-31T23:59:59.123456Z", "2026-12-31T23:59:59.123456")]
    [TestCase("2027-01-01T01:59:59+02:00", "2026-12-31T23:59:59.000000")]
    public void Decode_AnExpiryAsText_IsTheInstantInUtc(string text, string utc) => ExpiryOf($"\"{text}\"").Should().Be(utc);

    [TestCase("4070908800")]
    [TestCase("4070908800000")]
    [TestCase("4070908800.0")]
    public void Decode_AnExpiryAsUnixTime_IsTheInstantInUtc(string number) => ExpiryOf(number).Should().Be("2099-01-01T00:00:00.000000");

    [TestCase("{}")]
    [TestCase(""" { "expires_at" : null, "final_redirect_url" : null, "with_fragment" : null, "owner" : null } """)]
    [TestCase("""{"with_fragment":false,"later":[{"more":1}],"expires_at":null}""")]
    public void Decode_MissingNullAndUnknownMembers_AreDefaultsOrIgnored(string value) =>
        Decoded(value).Should().Be(new CallbackState("s", null, false, null, "anonymous"));

    [TestCase("")]
    [TestCase("null")]
    [TestCase("[]")]
    [TestCase("\"s\"")]
    [TestCase("{")]
    [TestCase("{}x")]
    [TestCase("""{"expires_at":""}""")]
    [TestCase("""{"expires_at":"tomorrow"}""")]
    [TestCase("""{"expires_at":"4070908800"}""")]
    [TestCase("""{"expires_at":true}""")]
    [TestCase("""{"expires_at":{}}""")]
    [TestCase("""{"expires_at":1e300}""")]
    [TestCase("""{"expires_at":"0001-01-01T00:00:00+14:00"}""")]
    [TestCase("""{"with_fragment":"true"}""")]
    [TestCase("""{"with_fragment":1}""")]
    [TestCase("""{"owner":1}""")]
    [TestCase("""{"made_by":{}}""")]
    [TestCase("""{"final_redirect_url":1}""")]
    [TestCase("""{"final_redirect_url":""}""")]
    [TestCase("""{"final_redirect_url":"myapp://x"}""")]
    [TestCase("""{"final_redirect_url":"javascript:alert(1)"}""")]
    [TestCase("""{"final_redirect_url":"https://example.org/\r\nSet-Cookie: a"}""")]
    [TestCase("""{"final_redirect_url":"https://example.org/\ud800"}""")]
    public void Decode_SomethingElse_IsUnreadable(string value) => Decoded(value).Should().BeNull();

    [Test]
    public void Decode_BytesThatAreNotUtf8_IsUnreadable() =>
        CallbackStateJson.Decode("s", (byte[])[.. """{"final_redirect_url":"https://example.org/"""u8, 0xff, .. "\"}"u8]).Should().BeNull();

    [Test]
    public void Decode_DeepNesting_IsUnreadable() =>
        Decoded($$"""{"x":{{new string('[', 100_000)}}{{new string(']', 100_000)}}}""").Should().BeNull();

    [Test]
    public void Decode_WhatEncodeWrote_IsTheSame() =>
        Prop.ForAll<DateTime, string, bool>((any, text, withFragment) =>
        {
            var url = "https://example.org/" + text;
            var state = new CallbackState(
                text ?? "", HttpUrl.TryParse(url, out _, out _) ? url : null, withFragment,
                new DateTime(any.Ticks / 10 * 10, DateTimeKind.Utc), "o" + withFragment);
            return CallbackStateJson.Decode(state.State, CallbackStateJson.Encode(state)) == state;
        }).QuickCheckThrowOnFailure();

    [Test]
    public void Decode_AnyBytes_NeverThrows() =>
        Prop.ForAll<byte[]>(bytes => CallbackStateJson.Decode("s", bytes) is null || true).QuickCheckThrowOnFailure();

    [Test]
    public void Decode_RandomlyDamagedValues_NeverThrows()
    {
        var random = new Random(7);
        var whole = CallbackStateJson.Encode(new CallbackState("s", "https://example.org/é", true, Expiry, "ann"));
        for (var i = 0; i < 50_000; i++)
        {
            var damaged = (byte[])whole.Clone();
            for (var hits = random.Next(1, 4); hits > 0; hits--) damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            CallbackStateJson.Decode("s", damaged.AsMemory(0, random.Next(2) == 0 ? damaged.Length : random.Next(damaged.Length)));
        }
    }

    private static string Encoded(CallbackState state) => Encoding.ASCII.GetString(CallbackStateJson.Encode(state));

    private static CallbackState? Decoded(string value) => CallbackStateJson.Decode("s", Encoding.UTF8.GetBytes(value));

    private static string ExpiryOf(string json)
    {
        var read = Decoded(string.Create(CultureInfo.InvariantCulture, $$"""{"expires_at":{{json}}}"""));
        return WireTimestamp.Format(read!.ExpiresAt!.Value);
    }
}
