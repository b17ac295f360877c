using Microsoft.AspNetCore.Http;

namespace Teal.Tests.Support;

/// <summary>What stands in front of the listener in production: it rewrites targets, and says nothing about it in a header.</summary>
internal sealed class ReverseProxy : IAsyncDisposable
{
    private static readonly string[] HopByHop = ["Host", "Connection", "Keep-Alive", "Transfer-Encoding", "Content-Length"];

    private readonly Func<string, string> _rewrite;
    private LoopbackServer? _server;

    private ReverseProxy(Func<string, string> rewrite) => _rewrite = rewrite;

    /// <summary>Where requests go. It is set after the start, as what stands behind may have to know the proxy's address.</summary>
    public Uri? Upstream { get; set; }

    /// <summary>Scheme, host and port, without a slash at the end.</summary>
    public string Origin => _server!.Origin;

    public static async Task<ReverseProxy> StartAsync(Func<string, string> rewrite)
    {
        var proxy = new ReverseProxy(rewrite);
        proxy._server = await LoopbackServer.StartAsync(proxy.ForwardAsync);
        return proxy;
    }

    public ValueTask DisposeAsync() => _server!.DisposeAsync();

    private async Task ForwardAsync(HttpContext context)
    {
        var headers = context.Request.Headers.Where(header => !IsHopByHop(header.Key)).Select(header => $"{header.Key}: {header.Value}");
        var answer = await RawHttp.SendAsync(Upstream!, context.Request.Method, _rewrite(LoopbackServer.TargetOf(context)), [.. headers]);

        context.Response.StatusCode = answer.Status;
        foreach (var (name, value) in answer.Headers.Where(header => !IsHopByHop(header.Name)))
            context.Response.Headers.Append(name, value);
        await context.Response.Body.WriteAsync(answer.Bytes);
    }

    private static bool IsHopByHop(string name) => HopByHop.Contains(name, StringComparer.OrdinalIgnoreCase);
}
