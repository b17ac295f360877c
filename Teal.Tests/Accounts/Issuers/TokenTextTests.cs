using System.Buffers.Text;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Teal.Accounts.Issuers;

namespace Teal.Tests.Accounts.Issuers;

public sealed class TokenTextTests
{
    [Test]
    public void Read_AToken_HasWhatItSays()
    {
        var token = TokenText.Read(Encode("{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"kid\":\"a\"}", "{\"iss\":\"x\"}"))!;

        (token.Algorithm, token.Type, token.KeyId, token.Issuer).Should().Be(("ES256", "at+jwt", "a", "x"));
        token.ToString().Should().Be("TokenText");
    }

    [TestCase("")]
    [TestCase(".")]
    [TestCase("..")]
    [TestCase("a.b.c")]
    [TestCase("e30.e30.e30")]
    [TestCase("e30.e30.e30.e30.e30", Description = "encrypted")]
    public void Read_WhatIsNoToken_IsNone(string text) => TokenText.Read(text).Should().BeNull();

    [TestCase("[]", "{\"iss\":\"x\"}")]
    [TestCase("{\"alg\":\"ES256\"}", "[]")]
    [TestCase("{\"alg\":\"ES256\"}", "{}")]
    [TestCase("{\"alg\":\"ES256\"}", "{\"iss\":null}")]
    [TestCase("{\"alg\":\"ES256\"}", "{\"iss\":[\"x\"]}")]
    [TestCase("{\"alg\":\"ES256\"}", "{\"iss\":\"x\",\"a\":{\"b\":1,\"b\":2}}")]
    [TestCase("{\"alg\":\"ES256\"}", "{\"iss\":\"x\"}{}")]
    [TestCase("{\"alg\":\"ES256\",\"kid\":1}", "{\"iss\":\"x\"}")]
    [TestCase("{\"alg\":\"ES256\",\"typ\":{}}", "{\"iss\":\"x\"}")]
    [TestCase("{\"alg\":1}", "{\"iss\":\"x\"}")]
    [TestCase("{\"alg\":\"ES256\",\"zip\":\"DEF\"}", "{\"iss\":\"x\"}")]
    [TestCase("{\"alg\":\"ES256\",\"b64\":false}", "{\"iss\":\"x\"}")]
    public void Read_AHeaderOrPayloadThatCannotBeTaken_IsNone(string header, string payload) =>
        TokenText.Read(Encode(header, payload)).Should().BeNull();

    [TestCase("=")]
    [TestCase(" ")]
    [TestCase("\n")]
    [TestCase("+")]
    [TestCase("/")]
    public void Read_WithAnotherCharacter_IsNone(string character)
    {
        var token = Encode("{\"alg\":\"ES256\"}", "{\"iss\":\"x\"}");

        TokenText.Read(token).Should().NotBeNull();
        TokenText.Read(token.Insert(4, character)).Should().BeNull();
        TokenText.Read(token + character).Should().BeNull();
    }

    [Test]
    public void Read_AnyText_NeverThrows()
    {
        var pieces = Gen.Elements("{", "}", "[", "]", "\"alg\"", "\"iss\"", ":", ",", "\"x\"", "\"\\ud800\"", "1", "\u00ff", " ").ArrayOf()
            .Select(string.Concat);
        var tokens = from header in pieces from payload in pieces select Encode("{\"alg\":\"ES256\"" + header, "{\"iss\":\"x\"" + payload);

        Prop.ForAll(Gen.OneOf(tokens, ArbMap.Default.GeneratorFor<string>()).ToArbitrary(), static text =>
        {
            if (text is not null) TokenText.Read(text);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(3000));
    }

    private static string Encode(string header, string payload) =>
        $"{Base64Url.EncodeToString(Encoding.Latin1.GetBytes(header))}.{Base64Url.EncodeToString(Encoding.Latin1.GetBytes(payload))}.AA";
}
