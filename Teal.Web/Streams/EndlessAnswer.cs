using System.Net.Sockets;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Teal.Web.Sessions;

namespace Teal.Web.Streams;

/// <summary>Prepares the web server for an answer that has no end of its own.</summary>
internal static class EndlessAnswer
{
    // tcp(7), linux/tcp.h. .NET has no name for it.
    private const int TcpLevel = 6, TcpUserTimeout = 18;

    /// <summary>
    /// Has the web server leave it to the channel how fast the client has to read. With HTTP/1 the connection becomes the channel's, as
    /// that of a websocket does: it counts as one, and nothing follows on it. Returns what says that the client went away. With HTTP/1 that
    /// is also said of one that sends no more, as nobody can tell the two apart.
    /// </summary>
    public static CancellationToken Begin(HttpContext context, ChannelOptions options)
    {
        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate) rate.MinDataRate = null;
        if (HttpProtocol.IsHttp2(context.Request.Protocol)) return context.RequestAborted;

        context.Response.Headers.Connection = "close";
        context.Features.Get<IDecrementConcurrentConnectionCountFeature>()?.ReleaseConnection();
        if (context.Features.Get<IConnectionSocketFeature>()?.Socket is { } socket) EndSilent(socket, options);
        return context.Features.Get<IConnectionLifetimeFeature>()?.ConnectionClosed ?? context.RequestAborted;
    }

    // A client that vanished answers no comment, and Linux would send them for a quarter of an hour.
    private static void EndSilent(Socket socket, ChannelOptions options)
    {
        if (!OperatingSystem.IsLinux() || socket.ProtocolType != ProtocolType.Tcp) return;

        var limit = (int)Math.Min(int.MaxValue, (options.PingInterval + options.PongTimeout).TotalMilliseconds);
        socket.SetRawSocketOption(TcpLevel, TcpUserTimeout, BitConverter.GetBytes(limit));
    }
}
