using System.Text.RegularExpressions;

namespace Teal.Tests.Golden;

/// <summary>The differences from the original that hold everywhere.</summary>
internal static partial class Rules
{
    private const string RefusedByParser = "Invalid HTTP request received.";

    /// <summary>What is changed in the answers.</summary>
    public static readonly IReadOnlyList<Rule> OfAnswers =
    [
        new("missing state", "specification 2.1: an unknown or expired state is 404, Missing state", static (_, response) =>
            response is { Status: 400, Body: "Unknown state\n" } ? (response with { Status = 404 }).WithText("Missing state") : response),

        new("plain errors", "specification 2.1: error texts are text/plain, one line and a line feed", static (request, response) =>
            response switch
            {
                { Status: 404 } when IsJson(response) => response.WithText("Not Found"),
                { Status: 405 } when IsJson(response) && request.Method == "HEAD" => response.WithText("") with { Body = "" },
                { Status: 405 } when IsJson(response) => response.WithText("Method Not Allowed"),
                _ => response,
            }),

        new("handshake refused", "specification 3.2: 401 with WWW-Authenticate: Basic realm=\"teal\"", static (request, response) =>
            request.IsHandshake && response.Status == 403
                ? (response with { Status = 401 })
                    .WithText("User or password are missing or wrong").With("www-authenticate", "Basic realm=\"teal\"")
                : response),

        new("bearer refused", "specification 2.3: 401 with WWW-Authenticate: Bearer", static (_, response) =>
            response is { Status: 400, Body: "Invalid authentication\n" }
                ? (response with { Status = 401 }).With("www-authenticate", "Bearer") : response),

        new("relative redirect", "a relative Location holds below any path prefix", static (request, response) =>
            response.Status == 307 ? response.With("location", WithoutSlash(request.Target)) : response),

        new(
            "request id", "specification 2.1: every answer of both modules carries X-Request-ID, the request's own when it is sane",
            static (request, response) =>
                response.With("x-request-id", request.Header("X-Request-ID") is { Length: > 0 } id ? id : WireExchange.NewId)),

        new("not HTTP", "RFC 9112 section 3: a request that is not HTTP is 400, with a text of our own", static (_, response) =>
            response is { Status: 400, Body: RefusedByParser } ? Deviations.RefusedByWebServer(400) : response),

        new("server version", "specification 3.1: each server tells its own version", static (_, response) =>
            response with
            {
                Body = response.Body.Replace("\"server_version\":\"0.2\"", "\"server_version\":\"0.1.0\"", StringComparison.Ordinal),
            }),
    ];

    /// <summary>
    /// The words of a state that cannot be created are each server's own (specification 3.2: «why, in words»). The recorded ones,
    /// and Teal's.
    /// </summary>
    public static readonly IReadOnlyDictionary<string, string> Details = new Dictionary<string, string>
    {
        ["Callback expiration date was too early."] = "expires_at must be at least 10 seconds ahead.",
        ["Callback expiration was too late; a maximum of 7 days is enforced."] = "expires_at must be at most 7 days ahead.",
    };

    /// <summary>What Teal shall do in a case, as far as the rules say.</summary>
    public static Expectation Apply(GoldenCase recorded)
    {
        var expected = Expectation.Of(recorded);
        return expected with
        {
            Responses = [.. recorded.Requests.Select(
                static request => OfAnswers.Aggregate(request.Response, (response, rule) => rule.Change(request, response)))],
            Frames = expected.Frames.ToDictionary(
                static client => client.Key, static client => (IReadOnlyList<string>)[.. client.Value.Select(InOwnWords)]),

            // Specification 3.2: what is malformed is ignored, and the connection stays open. The original dies of some of it (1006).
            Closed = expected.Closed.Where(static client => client.Value != 1006).ToDictionary(),
        };
    }

    private static string InOwnWords(string frame) =>
        Details.Aggregate(
            WithUniformInstants(frame),
            static (text, detail) =>
                text.Replace($"\"detail\":\"{detail.Key}\"", $"\"detail\":\"{detail.Value}\"", StringComparison.Ordinal));

    // Specification 3.2: timestamps are UTC, without a zone, with six fractional digits; the original passes them on as they came.
    private static string WithUniformInstants(string frame) => Instant().Replace(frame, static match =>
        $"{match.Groups["start"].Value}.{match.Groups["fraction"].Value.PadRight(6, '0')}\"");

    [GeneratedRegex(
        """(?<start>"(timestamp|expires_at)":"[0-9-]{10}T[0-9:]{8})(\.(?<fraction>[0-9]{1,6}))?(\+00:00)?" """,
        RegexOptions.ExplicitCapture | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Instant();

    private static bool IsJson(RecordedResponse response) =>
        response.Headers.TryGetValue("content-type", out var type) && type == "application/json";

    private static string WithoutSlash(string target)
    {
        var end = target.IndexOf('?', StringComparison.Ordinal);
        var path = (end < 0 ? target : target[..end]).TrimEnd('/');
        return $"../{path[(path.LastIndexOf('/') + 1)..]}{(end < 0 ? "" : target[end..])}";
    }
}
