using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Teal.Core.Kinds;
using Teal.Listener.Ciba;

namespace Teal.Tests.Listener.Ciba;

/// <summary>OpenID Connect CIBA Core 1.0 sections 10.2, 10.3.1 and 12; specification 2.3.</summary>
public sealed class CibaNotificationTests
{
    private static readonly DateTime Now = new(2026, 5, 1, 12, 0, 0, DateTimeKind.Utc);

    [TestCase("{\"auth_req_id\":\"r\"}")]
    [TestCase("{\"auth_req_id\":\"r\",\"unknown\":{\"deep\":[1]},\"access_token\":null,\"error\":null}")]
    [TestCase("\ufeff {\"auth_req_id\":\"r\"}\r\n")]
    public void Read_APing_HasNeitherTokenNorError(string body) =>
        Read(body).Should().Be(new OpenIdCibaEvent(Now, "r", "token", null, null));

    [Test]
    public void Read_TheSpecificationsPush_HasItsTokens() =>
        Read("""
            {"auth_req_id": "1c266114-a1be-4252-8ad1-04986c5b9ac1", "access_token": "G5kXH2wHvUra0sHlDy1iTkDJgsgUO1bN", "token_type": "Bearer",
             "refresh_token": "4bwc0ESC_IAhflf-ACC_vjD_ltc11ne-8gFPfA2Kx16", "expires_in": 120, "id_token": "eyJhbGciOiJSUzI1NiIsImtpZCI6IjE2NzcyNiJ9"}
            """)!.PushToken.Should().Be(new CibaPushToken(
                "G5kXH2wHvUra0sHlDy1iTkDJgsgUO1bN", "Bearer", "4bwc0ESC_IAhflf-ACC_vjD_ltc11ne-8gFPfA2Kx16", Now.AddSeconds(120),
                "eyJhbGciOiJSUzI1NiIsImtpZCI6IjE2NzcyNiJ9"));

    [Test]
    public void Read_APushWithTheLeast_HasNullsForTheRest() =>
        Read("{\"auth_req_id\":\"r\",\"access_token\":\"a\",\"token_type\":\"b\"}")!.PushToken.Should().Be(
            new CibaPushToken("a", "b", null, null, null));

    [TestCase("3600", 3600)]
    [TestCase("\"3600\"", 3600)]
    [TestCase("3600.9", 3600)]
    [TestCase("\"86400.5\"", 86400)]
    [TestCase("0", 0)]
    [TestCase("-5", -5)]
    public void Read_ExpiresIn_IsCountedFromReceipt(string expiresIn, int seconds) =>
        Read(
            $"{{\"auth_req_id\":\"r\",\"access_token\":\"a\",\"token_type\":\"b\","
                + $"\"expires_in\":{expiresIn}}}")!.PushToken!.ExpiresAt.Should().Be(Now.AddSeconds(seconds));

    [TestCase("1e12")]
    [TestCase("-1e12")]
    [TestCase("1e400")]
    [TestCase("9223372036854775807")]
    [TestCase("\"9223372036854775\"")]
    [TestCase("99999999999999999999999999999")]
    [TestCase("\"99999999999999999999999999999.5\"")]
    public void Read_AnExpiresInThatIsNoInstantAnyMore_LeavesItOut(string expiresIn) =>
        Read($"{{\"auth_req_id\":\"r\",\"access_token\":\"a\",\"token_type\":\"b\",\"expires_in\":{expiresIn}}}")!.PushToken.Should().Be(
            new CibaPushToken("a", "b", null, null, null));

    [Test]
    public void Read_APushError_HasItsParts()
    {
        Read("{\"auth_req_id\":\"r\",\"error\":\"access_denied\",\"error_description\":\"é\",\"access_token\":5}")!.PushError.Should().Be(
            new CibaPushError("access_denied", "é"));
        Read("{\"auth_req_id\":\"r\",\"error\":\"access_denied\"}")!.PushError.Should().Be(new CibaPushError("access_denied", null));
    }

    [TestCase("")]
    [TestCase("{}")]
    [TestCase("[]")]
    [TestCase("\"r\"")]
    [TestCase("auth_req_id=r")]
    [TestCase("<auth_req_id>r</auth_req_id>")]
    [TestCase("{\"auth_req_id\":\"\"}")]
    [TestCase("{\"auth_req_id\":5}")]
    [TestCase("{\"auth_req_id\":null}")]
    [TestCase("{\"auth_req_id\":\"\\ud800\"}")]
    [TestCase("{\"auth_req_id\":\"r\",\"auth_req_id\":\"s\"}")]
    [TestCase("{\"auth_req_id\":\"r\"} x")]
    [TestCase("{\"auth_req_id\":\"r\",}")]
    [TestCase("{\"auth_req_id\":\"r\",\"error\":5}")]
    [TestCase("{\"auth_req_id\":\"r\",\"error\":\"e\",\"error_description\":5}")]
    [TestCase("{\"auth_req_id\":\"r\",\"access_token\":\"a\"}")]
    [TestCase("{\"auth_req_id\":\"r\",\"access_token\":1,\"token_type\":\"b\"}")]
    [TestCase("{\"auth_req_id\":\"r\",\"access_token\":\"a\",\"token_type\":\"b\",\"refresh_token\":1}")]
    [TestCase("{\"auth_req_id\":\"r\",\"access_token\":\"a\",\"token_type\":\"b\",\"id_token\":[]}")]
    [TestCase("{\"auth_req_id\":\"r\",\"access_token\":\"a\",\"token_type\":\"b\",\"expires_in\":true}")]
    [TestCase("{\"auth_req_id\":\"r\",\"access_token\":\"a\",\"token_type\":\"b\",\"expires_in\":\"soon\"}")]
    [TestCase("{\"auth_req_id\":\"r\",\"access_token\":\"a\",\"token_type\":\"b\",\"expires_in\":\".\"}")]
    [TestCase("{\"auth_req_id\":\"r\",\"access_token\":\"a\",\"token_type\":\"b\",\"expires_in\":\"5.\"}")]
    [TestCase("{\"auth_req_id\":\"r\",\"access_token\":\"a\",\"token_type\":\"b\",\"expires_in\":\".5\"}")]
    [TestCase("{\"auth_req_id\":\"r\",\"access_token\":\"a\",\"token_type\":\"b\",\"expires_in\":\"1.2.3\"}")]
    [TestCase("{\"auth_req_id\":\"r\",\"access_token\":\"a\",\"token_type\":\"b\",\"expires_in\":\"\"}")]
    [TestCase("{\"auth_req_id\":\"r\",\"access_token\":\"a\",\"token_type\":\"b\",\"expires_in\":\"-5\"}")]
    [TestCase("{\"auth_req_id\":\"r\",\"access_token\":\"a\",\"token_type\":\"b\",\"expires_in\":\" 5\"}")]
    public void Read_SomethingElse_IsRefused(string body) => Read(body).Should().BeNull();

    [TestCase(2048, true)]
    [TestCase(2049, false)]
    public void Read_ARequestIdThatNobodyCanRegisterFor_IsRefused(int length, bool isTaken) =>
        (Read($"{{\"auth_req_id\":\"{new string('é', length)}\"}}") is not null).Should().Be(isTaken);

    [TestCase("{\"auth_req_id\":\"r\",\"x\":[{\"a\":1,\"a\":2}]}", false)]
    [TestCase("{\"auth_req_id\":\"r\",\"x\":[{\"a\":1},{\"a\":2}],\"y\":\"\\ud800\"}", true)]
    public void Read_AnUnknownMember_IsPassedOverUnlessANameStandsTwiceInIt(string body, bool isTaken) =>
        (Read(body) is not null).Should().Be(isTaken);

    [Test]
    public void Read_AbsurdDepth_IsRefused() => Read("{\"auth_req_id\":\"r\",\"x\":" + new string('[', 500_000)).Should().BeNull();

    [Test]
    public void Read_AnyText_NeverThrows() => Prop.ForAll<string>(text => Read(text ?? "") is null || true).QuickCheckThrowOnFailure();

    [Test]
    public void Read_DamagedBodies_NeverThrows()
    {
        var random = new Random(37);
        var good = Encoding.UTF8.GetBytes(
            "{\"auth_req_id\":\"\\u00e9r\",\"access_token\":\"a\",\"token_type\":\"b\",\"expires_in\":3600,\"id_token\":null}");
        for (var i = 0; i < 50_000; i++)
        {
            var bytes = (byte[])good.Clone();
            for (var changes = random.Next(1, 4); changes > 0; changes--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            CibaNotification.Read(bytes.AsMemory(0, random.Next(bytes.Length + 1)), "token", Now);
        }
    }

    private static OpenIdCibaEvent? Read(string body) => CibaNotification.Read(Encoding.UTF8.GetBytes(body), "token", Now);
}
