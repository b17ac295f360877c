using System.Text;
using Teal.Webhooks.Requests;
using Teal.Webhooks.Schemes;

namespace Teal.Tests.Webhooks;

/// <summary>What providers ask an address before they send events there.</summary>
public sealed class QuestionTests
{
    [Test]
    public void Slack_VerifyingTheUrl_GetsItsChallengeWhereItSignedIt()
    {
        var verifier = SchemeVector.Create("slack", "secret");
        var request = Request("POST", body: """{"type":"url_verification","challenge":"3eZbrw1aBm2rZgRNFdxV"}""");

        verifier.AnswerTo(request, isVerified: true).Should().BeEquivalentTo(new SchemeAnswer(200, "3eZbrw1aBm2rZgRNFdxV"));
        verifier.AnswerTo(request, isVerified: false).Should().BeNull();
        verifier.AnswerTo(Request("POST", body: """{"type":"event_callback"}"""), isVerified: true).Should().BeNull("it is an event");
    }

    [Test]
    public void Twitch_VerifyingTheCallback_GetsItsChallenge() =>
        SchemeVector.Create("twitch", "secret").AnswerTo(
            Request("POST", "", """{"challenge":"pogchamp"}""", ("Twitch-Eventsub-Message-Type", "webhook_callback_verification")), true)
            .Should().BeEquivalentTo(new SchemeAnswer(200, "pogchamp"));

    // The HMAC was computed with openssl.
    [Test]
    public void Zoom_ValidatingTheUrl_GetsItsTokenAndTheHmac() =>
        SchemeVector.Create("zoom", "secret").AnswerTo(
            Request("POST", body: """{"event":"endpoint.url_validation","payload":{"plainToken":"qgg8vlvZRS6UYooatFL8Aw"}}"""), true)!.Text
            .Should().Be(
                """{"plainToken":"qgg8vlvZRS6UYooatFL8Aw","encryptedToken":""" +
                "\"72cef096bfd47c0b8664df30d07721641e4abd7e885ba432204260db477a9a3e\"}");

    [TestCase("hub.mode=subscribe&hub.verify_token=verify&hub.challenge=1158201444", 200, "1158201444")]
    [TestCase("hub.mode=subscribe&hub.verify_token=wrong&hub.challenge=1", 403, null)]
    [TestCase("hub.mode=subscribe&hub.verify_token=verify&hub.verify_token=verify&hub.challenge=1", 403, null)]
    [TestCase("hub.mode=subscribe&hub.verify_token=verify", 400, null)]
    [TestCase("", 403, null)]
    public void Meta_Subscribing_GetsItsChallengeForTheVerifyTokenAlone(string query, int status, string? text)
    {
        var answer = SchemeVector.Create("meta", "secret").AnswerTo(Request("GET", query), isVerified: false)!;

        answer.Status.Should().Be(status);
        if (text is not null) answer.Text.Should().Be(text);
    }

    [Test]
    public void MicrosoftGraph_ValidatingTheAddress_GetsItsTokenDecodedAsText()
    {
        var answer = SchemeVector.Create("microsoft-graph", "secret").AnswerTo(
            Request("POST", "validationToken=Validation%3a+Testing+%3cb%3eclient%3c%2fb%3e"), isVerified: false)!;

        (answer.Status, answer.Text, answer.ContentType).Should().Be(
            (200, "Validation: Testing <b>client</b>", "text/plain; charset=utf-8"));
    }

    [Test]
    public void EventGrid_ValidatingOrAsking_IsAnswered()
    {
        var verifier = SchemeVector.Create("event-grid");

        verifier.AnswerTo(
            Request("POST", "", """[{"data":{"validationCode":"512d38b6"}}]""", ("aeg-event-type", "SubscriptionValidation")), false)!.Text
            .Should().Be("""{"validationResponse":"512d38b6"}""");
        verifier.AnswerTo(Request("OPTIONS", "", "", ("WebHook-Request-Origin", "eventemitter.example.com")), false)!.Headers
            .Should().Equal(
                KeyValuePair.Create("WebHook-Allowed-Origin", "eventemitter.example.com"),
                KeyValuePair.Create("WebHook-Allowed-Rate", "*"));
        verifier.AnswerTo(Request("OPTIONS", "", "", ("WebHook-Request-Origin", "a\u00e9")), false).Should().BeNull();
    }

    [TestCase(1024, 200)]
    [TestCase(1025, 400)]
    public void Challenge_ThatIsTooLong_IsNotReflected(int length, int status) =>
        SchemeVector.Create("slack", "secret").AnswerTo(
            Request("POST", body: $$"""{"type":"url_verification","challenge":"{{new string('a', length)}}"}"""), isVerified: true)!.Status
            .Should().Be(status);

    private static WebhookRequest Request(
        string method, string query = "", string body = "", params (string Name, string Value)[] headers) =>
        new()
        {
            Method = method,
            Url = $"https://events.example.org/hook/abc?{query}",
            Headers = [.. headers.Select(static header => KeyValuePair.Create(header.Name, header.Value))],
            Body = Encoding.UTF8.GetBytes(body),
        };
}
