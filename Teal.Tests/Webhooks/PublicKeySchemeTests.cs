using System.Security.Cryptography;
using System.Text;
using NSec.Cryptography;
using Teal.Webhooks.Requests;
using Teal.Webhooks.Schemes;

namespace Teal.Tests.Webhooks;

/// <summary>Schemes whose providers sign with a key of which Teal has the public half.</summary>
public sealed class PublicKeySchemeTests
{
    private const string Time = "1700000000";

    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);

    [Test]
    public void Discord_RightlySigned_IsVerifiedAndItsPingIsAnswered()
    {
        using var key = Key.Create(SignatureAlgorithm.Ed25519);
        var verifier = SchemeVector.Create("discord", Convert.ToHexStringLower(key.PublicKey.Export(KeyBlobFormat.RawPublicKey)));
        var signature = Convert.ToHexStringLower(SignatureAlgorithm.Ed25519.Sign(key, Encoding.UTF8.GetBytes(Time + "{\"type\":1}")));

        Verify(signature, "{\"type\":1}").Should().Be(new Verdict(VerdictReason.Verified));

        Verify(signature, "{\"type\":2}").Reason.Should().Be(VerdictReason.Wrong);
        Verify(signature.ToUpperInvariant(), "{\"type\":1}").Reason.Should().Be(VerdictReason.Malformed);
        Verify(signature[..^2], "{\"type\":1}").Reason.Should().Be(VerdictReason.Malformed);
        verifier.Verify(Request("{\"type\":1}", ("X-Signature-Timestamp", Time)), Now).Reason.Should().Be(VerdictReason.Missing);
        verifier.AnswerTo(Request("{\"type\":1}"), isVerified: true)!.Text.Should().Be("{\"type\":1}");
        verifier.AnswerTo(Request("{\"type\":0}"), isVerified: true)!.Status.Should().Be(204);
        verifier.AnswerTo(Request("{\"type\":1}"), isVerified: false).Should().BeNull();

        Verdict Verify(string text, string body) =>
            verifier.Verify(Request(body, ("X-Signature-Timestamp", Time), ("X-Signature-Ed25519", text)), Now);
    }

    [Test]
    public void StandardWebhooks_WithAPublicKey_TakesItsSignaturesAlone()
    {
        using var key = Key.Create(SignatureAlgorithm.Ed25519);
        var verifier = SchemeVector.Create(
            "standard-webhooks", "whpk_" + Convert.ToBase64String(key.PublicKey.Export(KeyBlobFormat.RawPublicKey)));
        var signature = Convert.ToBase64String(SignatureAlgorithm.Ed25519.Sign(key, Encoding.UTF8.GetBytes($"msg_1.{Time}.hello")));

        Verify($"v1a,{signature}", "hello").Should().Be(new Verdict(VerdictReason.Verified));
        Verify($"v1,AAAA v1a,{signature} v2,x", "hello").Should().Be(new Verdict(VerdictReason.Verified));
        Verify($"v1,{signature}", "hello").Reason.Should().Be(VerdictReason.Wrong);
        Verify($"v1a,{signature}", "hello!").Reason.Should().Be(VerdictReason.Wrong);
        verifier.Sign(Request("hello"), Now).Should().BeNull("the private half is the provider's");

        Verdict Verify(string text, string body) => verifier.Verify(
            Request(body, ("webhook-id", "msg_1"), ("webhook-timestamp", Time), ("webhook-signature", text)), Now);
    }

    [TestCase("1", "SHA1")]
    [TestCase("2", "SHA256")]
    public void Sns_RightlySigned_IsVerified(string version, string hash)
    {
        using var key = RSA.Create(2048);
        var verifier = SchemeVector.Create("sns", key.ExportSubjectPublicKeyInfoPem());
        var instant = Now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture);
        var signed = Encoding.UTF8.GetBytes($"Message\nhello\nMessageId\n1\nTimestamp\n{instant}\nTopicArn\narn\nType\nNotification\n");
        var signature = Convert.ToBase64String(key.SignData(signed, new HashAlgorithmName(hash), RSASignaturePadding.Pkcs1));
        string Body(string message) =>
            $$"""
            {"Type":"Notification","MessageId":"1","TopicArn":"arn","Message":"{{message}}","Timestamp":"{{instant}}",
             "SignatureVersion":"{{version}}","Signature":"{{signature}}","SigningCertURL":"https://evil.example/x.pem"}
            """;

        verifier.Verify(Request(Body("hello")), Now).Should().Be(new Verdict(VerdictReason.Verified));
        verifier.Verify(Request(Body("hello!")), Now).Reason.Should().Be(VerdictReason.Wrong);
        verifier.Verify(Request(Body("hello")), Now.AddHours(2)).Reason.Should().Be(VerdictReason.Stale);
    }

    [Test]
    public void MicrosoftGraph_OfManyItems_NeedsTheStateInEach()
    {
        var verifier = SchemeVector.Create("microsoft-graph", "secret");

        verifier.Verify(Request("""{"value":[{"clientState":"secret"},{"clientState":"secret"}]}"""), Now).IsVerified.Should().BeTrue();
        verifier.Verify(Request("""{"value":[{"clientState":"secret"},{"clientState":"other"}]}"""), Now).IsVerified.Should().BeFalse();
        verifier.Verify(Request("""{"value":[{"clientState":"secret"},{}]}"""), Now).IsVerified.Should().BeFalse();
    }

    private static WebhookRequest Request(string body, params (string Name, string Value)[] headers) => new()
    {
        Method = "POST",
        Url = "https://events.example.org/hook/abc",
        Headers = [.. headers.Select(static header => KeyValuePair.Create(header.Name, header.Value))],
        Body = Encoding.UTF8.GetBytes(body),
    };
}
