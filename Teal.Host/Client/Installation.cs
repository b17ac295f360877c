using System.Text.Json;
using Teal.Core.Addresses;

namespace Teal.Host.Client;

/// <summary>What a dispatcher's metadata tells of an installation (specification 3.1).</summary>
/// <param name="WebSocketUrl">Where clients connect, and the password may go.</param>
/// <param name="CallbackUrl">Where redirects go.</param>
/// <param name="ErrbackUrl">Where error redirects may go.</param>
internal sealed record Installation(Uri WebSocketUrl, string CallbackUrl, string ErrbackUrl)
{
    private const string Path = "/.well-known/teapots-teal-metadata";

    /// <summary>Asks the dispatcher.</summary>
    /// <exception cref="HttpRequestException">It does not answer, or with an error.</exception>
    /// <exception cref="ClientException">What answers is no dispatcher, or the password may not go where it says.</exception>
    public static async Task<Installation> DiscoverAsync(HttpClient http, Uri dispatcher, PasswordScope scope, CancellationToken cancellationToken)
    {
        using var answer = await http.GetAsync(dispatcher.ToString().TrimEnd('/') + Path, cancellationToken);
        var answered = answer.RequestMessage!.RequestUri!;
        scope.CheckMetadata(answered);
        if ((int)answer.StatusCode is >= 400 and < 500 and not (408 or 425 or 429))
            throw new ClientException($"{dispatcher} answers {(int)answer.StatusCode} for {Path}: it is no dispatcher. The dispatcher's address is meant (http://localhost:8081 by default), not the listener's.");

        answer.EnsureSuccessStatusCode();
        var text = await answer.Content.ReadAsStringAsync(cancellationToken);
        Installation installation;
        try
        {
            using var metadata = JsonDocument.Parse(text);
            installation = new Installation(WebSocket(Member(metadata, "websocket_url")), Member(metadata, "callback_url"), Member(metadata, "errback_url"));
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new ClientException($"{dispatcher} is not a Teal dispatcher: its metadata cannot be read.");
        }

        scope.CheckWebSocket(answered, installation.WebSocketUrl);
        return installation;
    }

    private static string Member(JsonDocument metadata, string name) => metadata.RootElement.GetProperty(name).GetString() ?? "";

    // ws for http, and wss for https.
    private static Uri WebSocket(string text) =>
        text.StartsWith("ws", StringComparison.Ordinal) && HttpUrl.TryParse($"http{text[2..]}", out var url, out _)
            ? new Uri($"ws{url!.ToAscii()[4..]}") : throw new FormatException();
}
