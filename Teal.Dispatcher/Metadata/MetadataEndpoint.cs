using Microsoft.AspNetCore.Http;
using Teal.Core.Hosting;
using Teal.Core.Wire;
using Teal.Web.Answers;
using Teal.Web.Requests;

namespace Teal.Dispatcher.Metadata;

/// <summary><c>/.well-known/teapots-teal-metadata</c>: what a client needs to know of the installation (specification 3.1).</summary>
internal sealed class MetadataEndpoint(DispatcherOptions options, IEnumerable<PublicAddress> addresses)
{
    /// <summary>Where it is.</summary>
    public const string Path = "/.well-known/teapots-teal-metadata";

    public Task HandleAsync(HttpContext context)
    {
        // It repeats the request's own host where no public URL is set, and what one stranger asked for must not be told to others.
        context.Response.Headers.CacheControl = "no-store";
        return context.Request.Path.Value!.EndsWith('/')
            ? Answer.WithoutSlash(context, Path + "/", context.Request.QueryString.ToUriComponent())
            : Answer.JsonAsync(context, StatusCodes.Status200OK, Encode(RequestAddress.WebSocketBase(context, options.Door.PublicUrl)));
    }

    private byte[] Encode(string webSocketBase)
    {
        var json = new CompactJsonWriter(512);
        try
        {
            json.Raw("{"u8);
            if (options.ExposeVersion)
            {
                json.Member("\"server_version\":"u8, TealVersion.Text);
                json.Raw(","u8);
            }

            json.Member("\"websocket_url\":"u8, webSocketBase + "/websocket");
            foreach (var address in addresses)
            {
                json.Raw(","u8);
                json.Text(address.Name);
                json.Raw(":"u8);
                json.Text(address.Url());
            }

            json.Raw("}"u8);
            return json.ToArray();
        }
        finally
        {
            json.Dispose();
        }
    }
}
