using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Teal.Tests.Support;

/// <summary>An HTTP server of the test's own, on a free loopback port, that remembers the targets it was asked for.</summary>
internal sealed class LoopbackServer : IAsyncDisposable
{
    // The icon keeps a browser from asking for /favicon.ico.
    private const string Page = "<!DOCTYPE html><link rel=\"icon\" href=\"data:,\"><title>Arrived</title>Arrived";

    private readonly WebApplication _application;
    private readonly ConcurrentQueue<string> _targets = new();

    private LoopbackServer(RequestDelegate handler)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _application = builder.Build();
        _application.UseWebSockets();
        _application.Run(context =>
        {
            _targets.Enqueue(TargetOf(context));
            return handler(context);
        });
    }

    /// <summary>Scheme, host and port, without a slash at the end.</summary>
    public string Origin => _application.Urls.Single();

    /// <summary>The requests' targets in order, undecoded.</summary>
    public IReadOnlyList<string> Targets => [.. _targets];

    /// <summary>Starts one; without a handler it answers everything with a small page.</summary>
    public static async Task<LoopbackServer> StartAsync(RequestDelegate? handler = null)
    {
        var server = new LoopbackServer(handler ?? AnswerPage);
        await server._application.StartAsync().WithinLimit();
        return server;
    }

    /// <summary>The target as it stood in the request line.</summary>
    public static string TargetOf(HttpContext context) => context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private static Task AnswerPage(HttpContext context)
    {
        context.Response.ContentType = "text/html; charset=utf-8";
        return context.Response.WriteAsync(Page);
    }
}
