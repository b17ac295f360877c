using System.Net.Http.Headers;
using System.Text;
using Teal.Host.Administration;

namespace Teal.Tests.Support;

/// <summary>Asks the API.</summary>
internal sealed class ApiClient : IDisposable
{
    private readonly HttpClient _http;

    private ApiClient(HttpMessageHandler handler, Uri address) => _http = new HttpClient(handler) { BaseAddress = address };

    /// <summary>At the socket of a data folder.</summary>
    public static ApiClient AtSocketOf(string folder) =>
        new(UnixSocketHandler.For(Path.Combine(folder, "teal.sock")), new Uri("http://localhost"));

    /// <summary>At a dispatcher, without a credential.</summary>
    public static ApiClient At(Uri dispatcher) => new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false }, dispatcher);

    /// <summary>At a dispatcher, with an account's password, key or one-time password.</summary>
    public static ApiClient At(Uri dispatcher, string user, string secret)
    {
        var client = At(dispatcher);
        var basic = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{secret}"));
        client._http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", basic);
        return client;
    }

    /// <summary>At a dispatcher, with a key or token.</summary>
    public static ApiClient At(Uri dispatcher, string token)
    {
        var client = At(dispatcher);
        client._http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

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
