using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Teal.Tests.Support;

/// <summary>A client of an event stream.</summary>
internal sealed class EventStreamClient : IDisposable
{
    private readonly HttpClient _http;
    private readonly HttpResponseMessage _answer;
    private readonly StreamReader _lines;
    private readonly EventStreamParser _parser = new();

    private EventStreamClient(HttpClient http, HttpResponseMessage answer, Stream body) =>
        (_http, _answer, _lines) = (http, answer, new StreamReader(body, Encoding.UTF8));

    public HttpResponseMessage Answer => _answer;

    /// <summary>A request with the right password unless told otherwise.</summary>
    public static HttpRequestMessage Request(
        TestServer server, string query = "", string? password = TestServer.Password, Version? version = null, HttpMethod? method = null)
    {
        var request = new HttpRequestMessage(method ?? HttpMethod.Get, new Uri(server.Dispatcher, EventStreamMapping.Path + query))
        {
            Version = version ?? HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        if (password is null) return request;

        var credential = Convert.ToBase64String(Encoding.UTF8.GetBytes($"anonymous:{password}"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", credential);
        return request;
    }

    /// <summary>Opens one, and reads its first comment.</summary>
    public static async Task<EventStreamClient> OpenAsync(TestServer server, string query = "", Version? version = null)
    {
        var http = new HttpClient();
        using var request = Request(server, query, version: version);
        var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).WithinLimit();
        answer.StatusCode.Should().Be(HttpStatusCode.OK);
        var client = new EventStreamClient(http, answer, await answer.Content.ReadAsStreamAsync().WithinLimit());
        (await client.ReadLineAsync()).Should().Be(":");
        return client;
    }

    /// <summary>The next line; null at the end.</summary>
    public async Task<string?> ReadLineAsync() => await _lines.ReadLineAsync().WithinLimit();

    /// <summary>The next event, comments passed over; null at the end.</summary>
    public async Task<StreamEvent?> ReceiveAsync()
    {
        while (await ReadLineAsync() is { } line)
        {
            if (_parser.Read(line) is { } received) return received;
        }

        return null;
    }

    /// <summary>Ends it; with HTTP/1.1 the connection, with HTTP/2 the request.</summary>
    public void Dispose()
    {
        _lines.Dispose();
        _answer.Dispose();
        _http.Dispose();
    }
}
