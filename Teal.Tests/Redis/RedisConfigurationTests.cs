using System.Net;
using FsCheck;
using FsCheck.Fluent;
using StackExchange.Redis;
using Teal.Redis;

namespace Teal.Tests.Redis;

public sealed class RedisConfigurationTests
{
    [TestCase("redis://redis.example", "redis.example:6379", null, null, null)]
    [TestCase("REDIS://redis.example/", "redis.example:6379", null, null, null)]
    [TestCase("redis://localhost:7000/3", "localhost:7000", null, null, 3)]
    [TestCase("redis://:secret@127.0.0.1", "127.0.0.1:6379", null, "secret", null)]
    [TestCase("redis://default:s%40%2F%3A%2c+%25@[::1]:7000/0", "[::1]:7000", "default", "s@/:,+%", 0)]
    [TestCase("redis://te%40l:secret@localhost", "localhost:6379", "te@l", "secret", null)]
    [TestCase("redis://:a:b@c@redis_1/15", "redis_1:6379", null, "a:b@c", 15)]
    [TestCase("redis://@localhost", "localhost:6379", null, null, null)]
    [TestCase("redis://:@localhost", "localhost:6379", null, null, null)]
    [TestCase("redis://default@localhost", "localhost:6379", null, null, null)]
    public void TryParse_AUrl_IsRead(string text, string endPoint, string? user, string? password, int? database)
    {
        var options = Parse(text);

        Describe(options).Should().Equal(endPoint);
        options.User.Should().Be(user);
        options.Password.Should().Be(password);
        options.DefaultDatabase.Should().Be(database);
        options.Ssl.Should().BeFalse();
    }

    [Test]
    public void TryParse_ATlsUrl_ExpectsTheHostInTheCertificate()
    {
        var options = Parse("rediss://:secret@redis.example:6380");

        options.Ssl.Should().BeTrue();
        options.SslHost.Should().Be("redis.example");
        Describe(options).Should().Equal("redis.example:6380");
    }

    [TestCase("localhost:6379", "localhost:6379")]
    [TestCase("redis.example", "redis.example:0")]
    [TestCase("a.example:1,b.example:2,password=secret,defaultDatabase=2", "a.example:1", "b.example:2")]
    [TestCase("localhost:1,password=redis://x", "localhost:1")]
    [TestCase("localhost:1,user=teal,password=secret", "localhost:1")]
    [TestCase("a.example:26379,b.example:26379,serviceName=teal", "a.example:26379", "b.example:26379")]
    public void TryParse_ADriversString_IsRead(string text, params string[] endPoints) => Describe(Parse(text)).Should().Equal(endPoints);

    [TestCase("localhost")]
    [TestCase("localhost,abortConnect=true")]
    [TestCase("redis://localhost")]
    public void TryParse_AnyForm_GoesOnTryingToConnect(string text)
    {
        var options = Parse(text);

        options.AbortOnConnectFail.Should().BeFalse();
        options.ReconnectRetryPolicy.Should().BeOfType<LinearRetry>();
        options.ClientName.Should().Be("teal");
    }

    [TestCase("", "host")]
    [TestCase("password=s3cr3t", "host")]
    [TestCase("localhost,password=ab,s3cr3t=x", "comma")]
    [TestCase("localhost,connectTimeout=s3cr3t", "StackExchange")]
    [TestCase("http://:s3cr3t@localhost", "redis://")]
    [TestCase("redis://", "host")]
    [TestCase("redis:///0", "host")]
    [TestCase("redis://s3cr3t@localhost", "user name")]
    [TestCase("redis://s3cr3t:@localhost", "user name")]
    [TestCase("redis://:s3cr3t/x@localhost", "host")]
    [TestCase("redis://default:s3cr3t/x@localhost", "port")]
    [TestCase("redis://:s3cr3t@localhost:99999", "port")]
    [TestCase("redis://:s3cr3t@localhost:0", "port")]
    [TestCase("redis://::1/0", "host")]
    [TestCase("redis://:s3cr3t@localhost/s3cr3t", "database")]
    [TestCase("redis://:s3cr3t@localhost/-1", "database")]
    [TestCase("redis://:s3cr3t@localhost?db=1", "database")]
    [TestCase("redis://a.example,b.example/0", "host")]
    public void TryParse_SomethingElse_SaysWhatIsWrongAndNoSecret(string text, string said)
    {
        RedisConfiguration.TryParse(text, out _, out var fault).Should().BeFalse();
        fault.Should().StartWith("must ").And.Contain(said).And.NotContain("s3cr3t");
    }

    [Test]
    public void TryParse_AnyText_NeverThrows() =>
        Prop.ForAll<string>(text => Array.TrueForAll(
            ["", "redis://", "redis://:", "localhost,", "localhost,ssl="],
            prefix => RedisConfiguration.TryParse(prefix + text, out _, out var fault) == (fault is null))).QuickCheckThrowOnFailure();

    private static ConfigurationOptions Parse(string text)
    {
        RedisConfiguration.TryParse(text, out var options, out var fault).Should().BeTrue(fault);
        return options!;
    }

    private static IEnumerable<string> Describe(ConfigurationOptions options) =>
        options.EndPoints.Select(endPoint => endPoint is DnsEndPoint dns ? $"{dns.Host}:{dns.Port}" : endPoint.ToString()!);
}
