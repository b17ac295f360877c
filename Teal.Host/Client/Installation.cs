using System.Text.Json;

namespace Teal.Host.Client;

/// <summary>What a dispatcher's metadata tells of an installation (specification 3.1).</summary>
/// <param name="WebSocketUrl">Where clients connect.</param>
/// <param name="CallbackUrl">Where redirects go.</param>
/// <param name="ErrbackUrl">Where error redirects may go.</param>
internal sealed record Installation(Uri WebSocketUrl, string CallbackUrl, string ErrbackUrl)
{
    private const string Path = "/.well-known/teapots-teal-metadata";

    /// <summary>Asks the dispatcher.</summary>
    /// <exception cref="HttpRequestException">It does not answer, or with an error.</exception>
    /// <exception cref="ClientException">What answers is no dispatcher.</exception>
    public static async Task<Installation> DiscoverAsync(HttpClient http, Uri dispatcher, CancellationToken cancellationToken)
    {
        var text = await http.GetStringAsync(dispatcher.ToString().TrimEnd('/') + Path, cancellationToken);
        try
        {
            using var metadata = JsonDocument.Parse(text);
            return new Installation(new Uri(Member(metadata, "websocket_url")), Member(metadata, "callback_url"), Member(metadata, "errback_url"));
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException or UriFormatException)
        {
            throw new ClientException($"{dispatcher} is not a Teal dispatcher: its metadata cannot be read.");
        }
    }

    private static string Member(JsonDocument metadata, string name) => metadata.RootElement.GetProperty(name).GetString() ?? "";
}
