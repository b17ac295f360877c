namespace Teal.Tests.Golden;

/// <summary>What of area H, OpenID CIBA, is different on purpose.</summary>
internal static class CibaDeviations
{
    private const string Token = "tok-1.2~3+4/5_6=";

    public static readonly IReadOnlyList<Deviation> All =
    [
        new(["H07"], "specification 2.3: unknown members are ignored", static expected => Accepted(expected, Token, PushToken("\"4bwc\""))),

        new(["H09"], "specification 2.3: refresh_token is optional", static expected => Accepted(expected, Token, PushToken("null"))),

        new(["H11"], "specification 2.3: id_token is optional, and null is absent", static expected =>
            Accepted(expected, Token, PushToken("\"4bwc\"").Replace("\"eyJ\"", "null", StringComparison.Ordinal))),

        new(
            ["H19", "H59"], "specification 2.3: tokens are strings and seconds a number; no type is taken for another",
            static expected => Invalid(expected).Receive()),

        new(["H43"], "RFC 8259 section 8.1: JSON between systems is UTF-8", static expected => Invalid(expected).Receive()),

        new(["H23"], "specification 2.3: a token may have capitals", static expected => Accepted(expected, "AbC", "null")),

        new(["H17"], "specification 2.3: an expires_in that is no date any more is no reason to refuse the tokens", static expected =>
            Accepted(expected, Token, PushToken("\"4bwc\"").Replace("\"<T+3600s|f6>\"", "null", StringComparison.Ordinal))),

        new(["H27"], "RFC 9110 section 11.4: one or more blanks", static expected => Accepted(expected, "tok", "null")),

        new(
            ["H49"], "specification 2.3: what is not one of the three forms is 400, Invalid payload; the original crashes or sends it on",
            static expected => Invalid(expected)),

        new(["H45"], "specification 7.1: the body of a notification ends at 64 KiB", static expected =>
            expected.Answer(static response => (response with { Status = 413 }).WithText("Payload Too Large"))),
    ];

    private static Expectation Accepted(Expectation expected, string token, string pushToken) =>
        expected.Answer(
            static response => (response with { Status = 204, Body = "" }).With("content-type", null).With("www-authenticate", null))
            .Receive(RecordedText.Render(
                $$"""{"type":"openid_ciba_callback","timestamp":"<T+0s|f6>","request_id":"rq","access_token":"{{token}}","push_token":{{pushToken}},"push_error":null}""",
                Replay.Now));

    private static Expectation Invalid(Expectation expected) =>
        expected.Answer(static response => (response with { Status = 400 }).WithText("Invalid payload"));

    private static string PushToken(string refreshToken) =>
        $$"""{"access_token":"G5kX","token_type":"Bearer","refresh_token":{{refreshToken}},"expires_at":"<T+3600s|f6>","id_token":"eyJ"}""";
}
