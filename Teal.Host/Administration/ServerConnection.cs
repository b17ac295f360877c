using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Teal.Host.Administration;

/// <summary>Asks a server's API for a command.</summary>
internal sealed class ServerConnection : IDisposable
{
    private const string ApiPath = "api/v1";

    // Far above the longest page of a list.
    private const int LongestAnswer = 64 * 1024 * 1024;

    private readonly HttpClient _http;
    private readonly Uri _base;

    private ServerConnection(HttpMessageHandler handler, Uri address, string name)
    {
        // A purge takes as long as there is to purge.
        _http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = LongestAnswer };
        (_base, Name) = (address, name);
    }

    /// <summary>The server, for messages.</summary>
    public string Name { get; }

    /// <summary>Through the socket of a data folder, which asks for no credential.</summary>
    public static ServerConnection ToSocket(string path) => new(UnixSocketHandler.For(path), new Uri("http://localhost/"), path);

    /// <summary>Through a dispatcher's address.</summary>
    /// <param name="dispatcher">The address; what it has of a path is a prefix.</param>
    /// <param name="user">The account; empty: the secret is a key, which says whose it is.</param>
    /// <param name="secret">Its password, key or one-time password.</param>
    public static ServerConnection To(Uri dispatcher, string user, string secret)
    {
        // A server that leads elsewhere is not to get the credential there.
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, ConnectTimeout = TimeSpan.FromSeconds(10) };
        var name = dispatcher.AbsoluteUri.TrimEnd('/');
        var connection = new ServerConnection(handler, new Uri($"{name}/"), name);
        connection._http.DefaultRequestHeaders.Authorization = user.Length == 0
            ? new AuthenticationHeaderValue("Bearer", secret)
            : new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{secret}")));
        return connection;
    }

    /// <summary>Asks for something, and reads the whole answer.</summary>
    /// <param name="method">The method.</param>
    /// <param name="path">Below the API's prefix; begins with a slash, and is percent-encoded.</param>
    /// <param name="write">Writes the members of the body's object; null: there is no body.</param>
    /// <exception cref="HttpRequestException">There is no answer.</exception>
    public async Task<ServerAnswer> SendAsync(HttpMethod method, string path, Action<Utf8JsonWriter>? write = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(_base, ApiPath + path));
        if (write is not null)
        {
            request.Content = new ReadOnlyMemoryContent(JsonObject.Write(write));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        using var answer = await _http.SendAsync(request);
        return new ServerAnswer(answer.StatusCode, await answer.Content.ReadAsByteArrayAsync());
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();
}
