using System.Text.Json;

namespace Teal.Client;

/// <summary>What a dispatcher's metadata tells of an installation (specification 3.1).</summary>
public sealed record Installation
{
    /// <summary>Where the metadata is, behind the dispatcher's address.</summary>
    public const string MetadataPath = "/.well-known/teapots-teal-metadata";

    // Far above what a dispatcher tells.
    private const int LongestMetadata = 1024 * 1024;

    /// <summary>Where clients connect, and the password may go; <c>ws</c> or <c>wss</c>.</summary>
    public required Uri WebSocketUrl { get; init; }

    /// <summary>Where redirects go, as the dispatcher wrote it.</summary>
    public required string CallbackUrl { get; init; }

    /// <summary>Where error redirects may go, as the dispatcher wrote it.</summary>
    public required string ErrbackUrl { get; init; }

    /// <summary>Whether others on the way to the websocket can read the password and all events.</summary>
    public bool IsClearText => WebSocketUrl.Scheme != Uri.UriSchemeWss && !WebSocketUrl.IsLoopback;

    /// <summary>Asks the dispatcher.</summary>
    /// <exception cref="TealException">It does not answer, is no dispatcher, or the password may not go where it says.</exception>
    internal static async Task<Installation> DiscoverAsync(
        Uri dispatcher, EnvironmentProxy proxy, PasswordScope scope, TimeSpan limit, CancellationToken cancellationToken)
    {
        // Anew each time: a connection that was kept may lead into the network that has just fallen silent.
        using var http = new HttpClient(new SocketsHttpHandler { Proxy = proxy });
        (http.Timeout, http.MaxResponseContentBufferSize) = (limit, LongestMetadata);
        try
        {
            using var answer = await http.GetAsync(dispatcher.ToString().TrimEnd('/') + MetadataPath, cancellationToken);
            var answered = answer.RequestMessage!.RequestUri!;
            scope.CheckMetadata(answered);
            if ((int)answer.StatusCode is >= 400 and < 500 and not (408 or 425 or 429))
                throw new TealException(TealFault.NoDispatcher) { Status = answer.StatusCode };

            answer.EnsureSuccessStatusCode();
            var installation = Read(await answer.Content.ReadAsStringAsync(cancellationToken));
            scope.CheckWebSocket(answered, installation.WebSocketUrl);
            return installation;
        }
        catch (HttpRequestException exception)
        {
            throw new TealException(TealFault.Unreachable, exception);
        }
        catch (Exception exception) when (TealException.IsBreak(exception, cancellationToken))
        {
            throw new TealException(TealFault.ConnectionBroken, exception);
        }
    }

    private static Installation Read(string text)
    {
        try
        {
            var metadata = JsonElement.Parse(text);
            return new Installation
            {
                WebSocketUrl = WebSocket(Member(metadata, "websocket_url")),
                CallbackUrl = Member(metadata, "callback_url"),
                ErrbackUrl = Member(metadata, "errback_url"),
            };
        }
        catch (Exception exception)
            when (exception is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new TealException(TealFault.InvalidMetadata, exception);
        }
    }

    private static string Member(JsonElement metadata, string name) => metadata.GetProperty(name).GetString() ?? "";

    private static Uri WebSocket(string text)
    {
        var url = new Uri(text, UriKind.Absolute);
        return url.Scheme == Uri.UriSchemeWs || url.Scheme == Uri.UriSchemeWss ? url : throw new FormatException();
    }
}
