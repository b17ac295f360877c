using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Teal.Tests.Support;

/// <summary>TLS before a server that speaks without, with a certificate that its clients may trust or not.</summary>
internal sealed class TlsProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ended = new();
    private readonly X509Certificate2 _certificate;
    private readonly int _targetPort;
    private readonly Task _accepting;

    private TlsProxy(int targetPort, TestCertificates certificates)
    {
        _targetPort = targetPort;
        _certificate = X509Certificate2.CreateFromPemFile(certificates.CertificateFile, certificates.KeyFile);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Where it is.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Starts one before a loopback port.</summary>
    public static TlsProxy Start(int targetPort, TestCertificates certificates) => new(targetPort, certificates);

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _accepting.WithinLimit();
        _listener.Dispose();
        _certificate.Dispose();
        _ended.Dispose();
    }

    private async Task AcceptAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true) connections.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_ended.Token)));
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        try
        {
            using var server = new TcpClient();
            await using var encrypted = new SslStream(client.GetStream());
            await encrypted.AuthenticateAsServerAsync(
                new SslServerAuthenticationOptions { ServerCertificate = _certificate }, _ended.Token);
            await server.ConnectAsync(IPAddress.Loopback, _targetPort, _ended.Token);
            await await Task.WhenAny(
                encrypted.CopyToAsync(server.GetStream(), _ended.Token), server.GetStream().CopyToAsync(encrypted, _ended.Token));
        }
        catch (Exception exception) when (
            exception is IOException or SocketException or OperationCanceledException or AuthenticationException)
        {
            // The client does not trust it, one side is gone, or the proxy ends.
        }
        finally
        {
            client.Dispose();
        }
    }
}
