using System.Net.Http.Headers;
using System.Text;
using Teal.Host.Administration;

namespace Teal.Tests.Support;

/// <summary>Asks the API at the socket of a data folder.</summary>
internal sealed class SocketClient : IDisposable
{
    private readonly HttpClient _http;

    public SocketClient(string folder) =>
        _http = new HttpClient(UnixSocketHandler.For(Path.Combine(folder, "teal.sock"))) { BaseAddress = new Uri("http://localhost") };

    /// <summary>Sends a request; a body is JSON unless it says another media type.</summary>
    public async Task<ApiReply> SendAsync(
        string method, string path, string? body = null, string? type = "application/json", params string[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            if (type is not null) request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        }

        foreach (var parts in headers.Select(static header => header.Split(": ", 2)))
        {
            HttpHeaders all = parts[0].StartsWith("Content-", StringComparison.Ordinal) ? request.Content!.Headers : request.Headers;
            if (parts[0] == "Transfer-Encoding") request.Headers.TransferEncodingChunked = true;
            else all.TryAddWithoutValidation(parts[0], parts[1]);
        }

        using var answer = await _http.SendAsync(request).WithinLimit();
        return await ApiReply.ReadAsync(answer);
    }

    public void Dispose() => _http.Dispose();
}
