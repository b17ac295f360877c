using System.Reflection;
using Microsoft.AspNetCore.Http;
using Teal.Core.Wire;

namespace Teal.Dispatcher.Metadata;

/// <summary><c>/.well-known/teapots-teal-metadata</c>: what a client needs to know of the installation (specification 3.1).</summary>
internal sealed class MetadataEndpoint(DispatcherOptions options)
{
    /// <summary>Where it is.</summary>
    public const string Path = "/.well-known/teapots-teal-metadata";

    private static readonly string Version =
        typeof(MetadataEndpoint).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    public Task HandleAsync(HttpContext context)
    {
        // It repeats the request's own host where no public URL is set, and what one stranger asked for must not be told to others.
        context.Response.Headers.CacheControl = "no-store";
        if (context.Request.Path.Value!.EndsWith('/')) return RedirectWithoutSlash(context);

        var body = Encode(WebSocketUrl(context.Request), options.ListenerUrl());
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.Length;
        return context.Response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }

    private static Task RedirectWithoutSlash(HttpContext context)
    {
        // As on the listener's addresses: relative, so that it holds below any prefix.
        context.Response.StatusCode = StatusCodes.Status307TemporaryRedirect;
        context.Response.Headers.Location = $"..{Path[Path.LastIndexOf('/')..]}{context.Request.QueryString.ToUriComponent()}";
        return Task.CompletedTask;
    }

    private string WebSocketUrl(HttpRequest request)
    {
        var publicUrl = options.PublicUrl?.WebSocketBase;
        return (publicUrl ?? $"{(request.IsHttps ? "wss" : "ws")}://{Host(request)}{request.PathBase.ToUriComponent()}") + "/websocket";
    }

    // HTTP/1.0 knows no Host header.
    private static string Host(HttpRequest request)
    {
        var connection = request.HttpContext.Connection;
        return request.Host.HasValue ? request.Host.Value : $"{connection.LocalIpAddress}:{connection.LocalPort}";
    }

    private byte[] Encode(string webSocketUrl, string listener)
    {
        var json = new CompactJsonWriter(512);
        try
        {
            json.Raw("{"u8);
            if (options.ExposeVersion)
            {
                json.Raw("\"server_version\":"u8);
                json.Text(Version);
                json.Raw(","u8);
            }

            json.Raw("\"websocket_url\":"u8);
            json.Text(webSocketUrl);
            json.Raw(",\"callback_url\":"u8);
            json.Text(listener + "/callback");
            json.Raw(",\"errback_url\":"u8);
            json.Text(listener + "/errback");
            json.Raw(",\"openid_ciba_callback_url\":"u8);
            json.Text(listener + "/openid-ciba-callback");
            json.Raw("}"u8);
            return json.ToArray();
        }
        finally
        {
            json.Dispose();
        }
    }
}
