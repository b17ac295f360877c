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

    // Above the most records that a store may have.
    private const int LongestList = 10_000_000;

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
    /// <param name="tag">What the content has to be that is changed; empty: there may be none; null: it does not matter.</param>
    /// <exception cref="HttpRequestException">There is no answer.</exception>
    public async Task<ServerAnswer> SendAsync(HttpMethod method, string path, Action<Utf8JsonWriter>? write = null, string? tag = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(_base, ApiPath + path));
        if (write is not null)
        {
            request.Content = new ReadOnlyMemoryContent(JsonObject.Write(write));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        if (tag is { Length: > 0 }) request.Headers.TryAddWithoutValidation("If-Match", tag);
        else if (tag is not null) request.Headers.TryAddWithoutValidation("If-None-Match", "*");
        using var answer = await _http.SendAsync(request);
        return new ServerAnswer(answer.StatusCode, await answer.Content.ReadAsByteArrayAsync()) { Tag = answer.Headers.ETag?.Tag };
    }

    /// <summary>Reads all pages of a list, as if it were one.</summary>
    /// <param name="path">The list.</param>
    /// <param name="name">The member of each page that has its things.</param>
    /// <exception cref="HttpRequestException">There is no answer.</exception>
    public async Task<ServerAnswer> ListAsync(string path, string name)
    {
        var items = new List<JsonElement>();
        var separator = path.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        for (var next = ""; ; next = $"&after={Uri.EscapeDataString(next)}")
        {
            var page = await SendAsync(HttpMethod.Get, $"{path}{separator}limit=1000{next}");
            if (!page.IsSuccess || page.Object.ValueKind != JsonValueKind.Object) return page;

            if (page.Object.TryGetProperty(name, out var some) && some.ValueKind == JsonValueKind.Array)
                items.AddRange(some.EnumerateArray());

            // A server that never comes to an end is none.
            var hasNext = page.Object.TryGetProperty("next", out var after) && after.ValueKind == JsonValueKind.String;
            if (!hasNext || items.Count > LongestList) return page.With(json => WriteItems(json, name, items));

            next = after.GetString()!;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static void WriteItems(Utf8JsonWriter json, string name, List<JsonElement> items)
    {
        json.WriteStartArray(name);
        foreach (var item in items) item.WriteTo(json);
        json.WriteEndArray();
    }
}
