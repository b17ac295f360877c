using System.Net.Sockets;

namespace Teal.Host.Administration;

/// <summary>Has an HTTP client speak through a Unix socket, whatever host it asks for.</summary>
internal static class UnixSocketHandler
{
    /// <summary>One for a socket.</summary>
    public static SocketsHttpHandler For(string path) => new()
    {
        UseProxy = false,
        AllowAutoRedirect = false,
        ConnectCallback = async (_, cancellationToken) =>
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        },
    };
}
