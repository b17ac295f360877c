using System.Reflection;
using Microsoft.AspNetCore.Http;
using Teal.Core.Wire;
using Teal.Web.Answers;
using Teal.Web.Requests;

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
        return context.Request.Path.Value!.EndsWith('/')
            ? Answer.WithoutSlash(context, Path + "/", context.Request.QueryString.ToUriComponent())
            : Answer.JsonAsync(context, StatusCodes.Status200OK, Encode(RequestAddress.WebSocketBase(context, options.PublicUrl) + "/websocket", options.ListenerUrl()));
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
