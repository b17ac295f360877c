namespace Teal.Tests.Golden;

/// <summary>What of the areas G and I, Powens states and webhooks, is different on purpose.</summary>
internal static class PowensDeviations
{
    public static readonly IReadOnlyList<Deviation> All =
    [
        new(["G16", "G18", "G20", "G3e"], "specification 2.1 and 2.2: a state of neither format is unknown; the original crashes", Unknown),

        new(["G22"], "specification 2.2: state is a string or absent; null is absent, and not the text None", static expected =>
            expected.Answer(static response => response.With("location", "https://app.example.org/?auth_type=app"))),

        new(
            ["G24"], "specification 2.2: state is a string, so this is no freestanding state",
            static expected => Unknown(expected).Receive()),

        new(["G30"], "specification 2.2: standard base64, in which there is no junk", static expected => Unknown(expected).Receive()),

        new(["I60"], "specification 2.4: a body that is not UTF-8 is 400; the original crashes", static expected =>
            expected.Answer(static response => (response with { Status = 400 }).WithText("The body is not valid UTF-8"))),

        new(["I70"], "golden.md, intended differences: the path in payload_prefix is undecoded, as the sender signed it", static expected =>
            WithPrefix(expected, "USER CREATED\\u00e9", "USER%20CREATED%C3%A9")),

        new(
            ["I72"], "golden.md, intended differences: the path in payload_prefix is undecoded, and ends at a real ? only",
            static expected => WithPrefix(expected, "EV", "EV%3Fx")),

        new(["I86"], "specification 2.1: X-Forwarded-Proto is honoured only from configured trusted proxies", static expected =>
            expected.Answer(
                static response => response with { Body = response.Body.Replace("https://", "http://", StringComparison.Ordinal) })),
    ];

    private static Expectation Unknown(Expectation expected) =>
        expected.Answer(static response => (response with { Status = 404 }).WithText("Missing state").With("location", null));

    private static Expectation WithPrefix(Expectation expected, string recorded, string undecoded) =>
        expected.Receive(expected.Frames["A"].Single().Replace(
            $"\"POST./powens-webhook/budgea.biapi.pro/{recorded}.2023", $"\"POST./powens-webhook/budgea.biapi.pro/{undecoded}.2023",
            StringComparison.Ordinal));
}
