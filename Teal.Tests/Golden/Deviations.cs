using System.Text;
using Teal.Host.Serving;
using Teal.Web.Pages;

namespace Teal.Tests.Golden;

/// <summary>The cases in which Teal differs from the original on purpose, beyond the <see cref="Rules"/>.</summary>
internal static class Deviations
{
    private const string CreatedAnHourAhead = """{"expires_at":"2026-05-01T13:00:00","final_redirect_url":"<url>","with_fragment":false}""";

    private const string Metadata =
        "{\"server_version\":\"0.1.0\",\"websocket_url\":\"ws://localhost:18081/websocket\"," +
        "\"callback_url\":\"http://localhost:18080/callback\",\"errback_url\":\"http://localhost:18080/errback\"," +
        "\"openid_ciba_callback_url\":\"http://localhost:18080/openid-ciba-callback\"}";

    /// <summary>All of them; no case stands twice.</summary>
    public static readonly IReadOnlyList<Deviation> All =
    [
        new(["A07"], "specification 2.1: X-Forwarded-Proto is honoured only from configured trusted proxies", static expected =>
            expected.Answer(
                static response => response with { Body = response.Body.Replace("wss://", "ws://", StringComparison.Ordinal) })),

        new(["A11", "A13"], "specification 3.1: the metadata needs no authentication, so a wrong one is not looked at", static expected =>
            expected.Answer(static response => (response with { Status = 200, Body = Metadata }).With("content-type", "application/json"))),

        new(["A17"], "specification 2.1: HEAD is answered on metadata", static expected =>
            expected.Answer(static response => response.With("allow", "GET, HEAD"))),

        new(["A19"], "specification 2.1: HEAD is answered on metadata, as GET without its body", static expected =>
            expected.Answer(static response => (response with { Status = 200, Body = "" }).With("allow", null).With(
                "content-type", "application/json"))),

        new(
            ["E40", "E42", "E44"], "specification 2.1: a form may be posted",
            static expected => expected.Answer(static response => response.With("allow", "GET, POST"))),

        new(["E08"], "specification 2.1: a plus that became a blank finds its state", static expected =>
            Accepted(expected).Receive(Callback("http://localhost:18080/callback?state=a+b", "a+b"))),

        new(["A27", "B35"], "specification 3.2 and RFC 6455 section 4.4: no upgrade, or one to another version, is 426", static expected =>
            expected.Answer(static response => (response with { Status = 426 }).WithText(
                "This address takes websocket connections (RFC 6455, version 13)"))),

        new(["B05"], "RFC 9110 section 11.1: the scheme's name is case-insensitive", static expected =>
            expected.Answer(
                static response => (response with { Status = 101, Body = "" }).With("content-type", null).With("www-authenticate", null))),

        new(["B31"], "an address that is not there is 404, with an upgrade or without", static expected =>
            expected.Answer(static response => (response with { Status = 404 }).WithText("Not Found").With("www-authenticate", null))),

        new(["C29"], "golden.md, intended differences: no type coercion; true is no instant", static expected => expected.Receive()),

        new(
            ["C33", "C37", "C5d", "C5f", "C5l", "C7q"], "golden.md, intended differences: no type coercion in client messages",
            static expected => expected with { States = Expectation.NoStates }),

        new(["C81", "C85"], "specification 3.2: a message over the size limit is 1009", static expected =>
            expected with { Closed = new Dictionary<string, int> { ["A"] = 1009 }, States = Expectation.NoStates }),

        new(["CU11"], "specification 3.2: a URL is stored verbatim", static expected => Stored(expected, "s", "https://例え.テスト/パス")),

        new(["EL03"], "specification 3.2: a URL is stored verbatim, and gets its IDNA host in Location only", static expected =>
            Stored(expected, "st", "https://bücher.example/x")),

        new(["CU13"], "specification 3.2: localhost is a host", static expected => Stored(expected, "s", "http://localhost/")),

        new(["E14"], "specification 2.1: the event's query is undecoded, behind an alternative separator too", static expected =>
            expected.Receive(Callback("http://localhost:18080/callback?state=st&code=a%20b%2Bc%26d%3De&n=%C3%A9", "st"))),

        new(["E16"], "specification 2.1: the alternative separator counts in the undecoded target, so %2B is a plus", static expected =>
            Accepted(expected).Receive(Callback("http://localhost:18080/callback?state=a%2Bb", "a+b"))),

        new(["E52"], "specification 2.1: the event's path is undecoded", static expected =>
            expected.Receive(Callback("http://localhost:18080/c%61llback?state=st", "st"))),

        new(
            ["E58"], "RFC 9112 section 3.2: the web server refuses a target that contradicts Host; neither raises an event",
            static expected => expected.Answer(static _ => RefusedByWebServer(400))),

        new(
            ["E68"], "Http:MaximumRequestLineSize, 64 KiB; golden.md: the original's own limit of 64 KiB depends on the timing",
            static expected => expected.Answer(static _ => RefusedByWebServer(414)).Receive()),

        new(["E8c"], "specification 4.2: an expiry with a zone is read; the original crashes", static expected =>
            Accepted(expected, "https://client.example.org/").Receive(Callback("http://localhost:18080/callback?state=rv&code=1", "rv"))),

        new(["E8e"], "an expiry as Unix time is read, as in client messages; the original crashes", static expected =>
            expected.Answer(static response => (response with { Status = 204, Body = "" }).With("content-type", null))
                .Receive(Callback("http://localhost:18080/callback?state=rv&code=1", "rv"))),

        new(["E8k"], "specification 4.2: no type is taken for another, and what cannot be read is unknown", static expected =>
            expected.Answer(static response => (response with { Status = 404 }).WithText("Missing state"))),

        new(["E95"], "golden.json: the bodies of static files are stand-ins", static expected =>
            expected.Answer(static response => response with { Body = Encoding.UTF8.GetString(Resource.LoadBytes("favicon.ico")) })),

        new(["F25"], "golden.md, intended differences: full_url is kept byte for byte", static expected =>
            expected.Receive(Callback("HTTPS://Teal.Example.org/callback?state=st#", "st"))),

        new(["F27"], "specification 2.1: full_url is any text with a state; the original crashes", static expected =>
            Accepted(expected).Receive(Callback("http://[bad/callback?state=st", "st"))),

        .. CibaDeviations.All,
        .. PowensDeviations.All,
    ];

    /// <summary>The deviation of a case; null: none.</summary>
    public static Deviation? Of(GoldenCase recorded) => All.SingleOrDefault(deviation => deviation.Ids.Contains(recorded.Id));

    private static Expectation Stored(Expectation expected, string state, string url) =>
        expected with
        {
            States = new Dictionary<string, string> { [state] = CreatedAnHourAhead.Replace("<url>", url, StringComparison.Ordinal) },
        };

    private static Expectation Accepted(Expectation expected, string location = "https://client.example.org/done?x=1") =>
        expected.Answer(response => (response with { Status = 302, Body = "" }).With("content-type", null).With("location", location));

    /// <summary>What is no request (specification 2.1: also such an answer has an id and a text).</summary>
    public static RecordedResponse RefusedByWebServer(int status) =>
        new RecordedResponse(status, new Dictionary<string, string>(), "")
            .WithText(OwnAnswer.TextOf(status)).With("x-request-id", WireExchange.NewId);

    private static string Callback(string url, string state) =>
        RecordedText.Render($$"""{"type":"callback","timestamp":"<T+0s|f6>","url":"{{url}}","state":"{{state}}"}""", Replay.Now);
}
