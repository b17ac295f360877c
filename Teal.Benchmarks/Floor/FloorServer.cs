using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;

namespace Teal.Benchmarks.Floor;

/// <summary>
/// What Teal does, in the fewest lines that the framework allows: nothing is checked, kept, bounded or resumed. It is the floor below which
/// a server on this framework cannot come.
/// </summary>
internal static class FloorServer
{
    /// <summary>What signs the webhooks that it takes.</summary>
    public const string WebhookSecret = "secret-of-the-load-generator";

    private static readonly byte[] Secret = Encoding.ASCII.GetBytes(WebhookSecret);
    private static readonly ConcurrentDictionary<string, ImmutableArray<WebSocket>> Topics = new();

    public static async Task RunAsync(int port, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        await using var app = builder.Build();
        app.UseWebSockets(
            new WebSocketOptions { KeepAliveInterval = TimeSpan.FromSeconds(20), KeepAliveTimeout = TimeSpan.FromSeconds(20) });
        app.Run(static context => context.WebSockets.IsWebSocketRequest ? SubscribeAsync(context)
            : HttpMethods.IsPost(context.Request.Method) ? VerifyAsync(context) : PublishAsync(context));
        await app.StartAsync(cancellationToken);
        Console.WriteLine("Floor");
        await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static async Task VerifyAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var signature = Convert.FromHexString(context.Request.Headers["X-Hub-Signature-256"].ToString().AsSpan("sha256=".Length));
        var hash = HMACSHA256.HashData(Secret, body.GetBuffer().AsSpan(0, (int)body.Length));
        var isRight = CryptographicOperations.FixedTimeEquals(signature, hash);
        context.Response.StatusCode = isRight ? StatusCodes.Status204NoContent : StatusCodes.Status401Unauthorized;
    }

    private static async Task PublishAsync(HttpContext context)
    {
        var state = context.Request.Query["state"].ToString();
        if (Topics.TryGetValue(state, out var sockets))
        {
            var message = Encode(context, state);
            foreach (var socket in sockets)
                await socket.SendAsync(message.AsMemory(), WebSocketMessageType.Text, true, CancellationToken.None);
        }

        context.Response.Redirect("https://app.example.org/done");
    }

    private static byte[] Encode(HttpContext context, string state) => Encoding.UTF8.GetBytes(
        $$"""{"type":"callback","timestamp":"{{TimeProvider.System.GetUtcNow():O}}","url":"{{context.Request.GetEncodedUrl()}}","state":"{{state}}"}""");

    private static async Task ReplayAsync(HttpContext context, WebSocket socket, int events)
    {
        var message = Encode(context, context.Request.Query["state"].ToString());
        for (var i = 0; i < events; i++)
            await socket.SendAsync(message.AsMemory(), WebSocketMessageType.Text, true, CancellationToken.None);
    }

    private static async Task SubscribeAsync(HttpContext context)
    {
        var topic = context.Request.Query["topic"].ToString();
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        if (int.TryParse(context.Request.Query["replay"], CultureInfo.InvariantCulture, out var events))
            await ReplayAsync(context, socket, events);
        Topics.AddOrUpdate(topic, [socket], (_, sockets) => sockets.Add(socket));
        try
        {
            while ((await socket.ReceiveAsync(Memory<byte>.Empty, CancellationToken.None)).MessageType != WebSocketMessageType.Close)
                await socket.ReceiveAsync(new byte[1024].AsMemory(), CancellationToken.None);
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        }
        catch (WebSocketException)
        {
            // The client went without a farewell.
        }
        finally
        {
            Topics.AddOrUpdate(topic, [], (_, sockets) => sockets.Remove(socket));
        }
    }
}
