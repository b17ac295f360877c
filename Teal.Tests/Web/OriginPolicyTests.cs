using FsCheck;
using FsCheck.Fluent;
using Microsoft.AspNetCore.Http;
using Teal.Core.Addresses;
using Teal.Core.Configuration;
using Teal.Web.Door;

namespace Teal.Tests.Web;

public sealed class OriginPolicyTests
{
    [TestCase(null, true)]
    [TestCase("http://events.example.org", true)]
    [TestCase("https://events.example.org", true)]
    [TestCase("https://Events.Example.org", true)]
    [TestCase("https://app.example.org", true)]
    [TestCase("https://public.example.org:8443", true)]
    [TestCase("chrome-extension://abc", true)]
    [TestCase("https://app.example.org:8443", false)]
    [TestCase("http://app.example.org", false)]
    [TestCase("https://public.example.org", false)]
    [TestCase("https://events.example.org.evil.example", false)]
    [TestCase("https://events.example.org:1", false)]
    [TestCase("https://evil.example/events.example.org", false)]
    [TestCase("https://user@events.example.org", false)]
    [TestCase("ftp://events.example.org", false)]
    [TestCase("events.example.org", false)]
    [TestCase("null", false)]
    [TestCase("", false)]
    [TestCase("http://", false)]
    public void Allows_AnOrigin_OnlyOfItsOwnHostOrAListedOne(string? origin, bool isAllowed) =>
        Allows(origin, "events.example.org").Should().Be(isAllowed);

    [TestCase("http://localhost:8081", "localhost:8081", true)]
    [TestCase("http://localhost:8082", "localhost:8081", false)]
    [TestCase("https://events.example.org", "events.example.org:443", true)]
    [TestCase("http://[::1]:8081", "[::1]:8081", true)]
    [TestCase("http://", "", false)]
    public void Allows_AnOrigin_ComparesItWithTheRequestsHost(string origin, string host, bool isAllowed) =>
        Allows(origin, host).Should().Be(isAllowed);

    [TestCase("null")]
    [TestCase("https://evil.example")]
    public void Allows_WithAStar_IsAnybody(string origin) => Allows(origin, "x", "*").Should().BeTrue();

    [Test]
    public void Allows_SeveralOrigins_IsFalse()
    {
        var request = Request("https://events.example.org", "events.example.org");
        request.Headers.Origin = new(["https://events.example.org", "https://evil.example"]);

        Policy().Allows(request).Should().BeFalse();
    }

    [Test]
    public void Allows_AnyText_NeverThrowsAndIsFalse() =>
        Prop.ForAll<string>(static origin => !Allows(origin ?? "", "events.example.org")).QuickCheckThrowOnFailure();

    private static bool Allows(string? origin, string host, params string[] allowed) => Policy(allowed).Allows(Request(origin, host));

    private static OriginPolicy Policy(params string[] allowed)
    {
        PublicUrl.TryParse("https://public.example.org:8443/teal", out var publicUrl, out _).Should().BeTrue();
        var origins = allowed.Append("https://app.example.org")
            .Append("chrome-extension://abc").ToHashSet(StringComparer.OrdinalIgnoreCase);
        return new OriginPolicy(new Live<DoorOptions>(new DoorOptions { PublicUrl = publicUrl, AllowedOrigins = origins }));
    }

    private static HttpRequest Request(string? origin, string host)
    {
        var request = new DefaultHttpContext().Request;
        request.Host = new HostString(host);
        if (origin is not null) request.Headers.Origin = origin;
        return request;
    }
}
