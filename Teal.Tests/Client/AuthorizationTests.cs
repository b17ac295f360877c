using System.Text;
using Teal.Client;

namespace Teal.Tests.Client;

public sealed class AuthorizationTests
{
    private const string Key = "teal_0aB1cD2e_0123456789012345678901234567890123456789012_AbCdEf";

    [TestCase("", "a password", "Basic anonymous:a password")]
    [TestCase("anna", "é:b", "Basic anna:é:b")]
    [TestCase("", Key, "Bearer " + Key)]
    [TestCase("anna", Key, "Basic anna:" + Key)]
    [TestCase("", "teal_short", "Basic anonymous:teal_short")]
    public void Of_AUserAndASecret_IsTheHeaderThatProvesThem(string user, string secret, string expected)
    {
        var header = Authorization.Of(new TealClientOptions { User = user, Password = secret });

        if (header.StartsWith("Basic ")) header = $"Basic {Encoding.UTF8.GetString(Convert.FromBase64String(header[6..]))}";
        header.Should().Be(expected);
    }
}
