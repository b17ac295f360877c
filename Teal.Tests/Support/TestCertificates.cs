using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Teal.Tests.Support;

/// <summary>
/// A certificate authority that no machine knows, and a server's certificate of it, as PEM files in a folder that goes with the test.
/// </summary>
internal sealed class TestCertificates : IDisposable
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;

    private readonly TemporaryFolder _folder = new();

    private TestCertificates(bool isForLoopback, bool isExpired)
    {
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var authority = Authority(authorityKey);
        using var serverKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var server = Server(serverKey, authority, isForLoopback, isExpired);
        File.WriteAllText(AuthorityFile, authority.ExportCertificatePem());
        File.WriteAllText(CertificateFile, server.ExportCertificatePem());
        File.WriteAllText(KeyFile, serverKey.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>The authority's own certificate: whoever trusts it trusts the server.</summary>
    public string AuthorityFile => _folder.Combine("ca.pem");

    /// <summary>The server's.</summary>
    public string CertificateFile => _folder.Combine("server.pem");

    /// <summary>The key of the server's.</summary>
    public string KeyFile => _folder.Combine("server.key");

    /// <summary>For <c>localhost</c>, <c>127.0.0.1</c> and <c>::1</c>.</summary>
    public static TestCertificates ForLoopback() => new(isForLoopback: true, isExpired: false);

    /// <summary>For another host.</summary>
    public static TestCertificates ForAnotherHost() => new(isForLoopback: false, isExpired: false);

    /// <summary>For loopback, and over since yesterday.</summary>
    public static TestCertificates Expired() => new(isForLoopback: true, isExpired: true);

    /// <summary>TLS with a server that shows the server's certificate, whatever host and time it is for.</summary>
    public async Task<Stream> OpenAsync(Stream connection, CancellationToken cancellationToken)
    {
        var expected = await File.ReadAllTextAsync(CertificateFile, cancellationToken);
        var encrypted = new SslStream(
            connection, leaveInnerStreamOpen: false, (_, shown, _, _) => ((X509Certificate2)shown!).ExportCertificatePem() == expected);
        await encrypted.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost" }, cancellationToken);
        return encrypted;
    }

    public void Dispose() => _folder.Dispose();

    private static X509Certificate2 Authority(ECDsa key)
    {
        var request = new CertificateRequest("CN=Teal test authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(
            new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(
            new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        return request.CreateSelfSigned(Now.AddDays(-10), Now.AddDays(10));
    }

    private static X509Certificate2 Server(ECDsa key, X509Certificate2 authority, bool isForLoopback, bool isExpired)
    {
        var request = new CertificateRequest("CN=Teal test server", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(isForLoopback ? "localhost" : "elsewhere.example");
        if (isForLoopback)
        {
            names.AddIpAddress(IPAddress.Loopback);
            names.AddIpAddress(IPAddress.IPv6Loopback);
        }

        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(
            new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(
            authority, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        return request.Create(authority, Now.AddDays(-9), isExpired ? Now.AddDays(-1) : Now.AddDays(9), RandomNumberGenerator.GetBytes(8));
    }
}
