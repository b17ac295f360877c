using System.Diagnostics;
using System.Text;
using Teal.Core.Kinds;
using Teal.Listener.Powens;
using Teal.Tests.Support;

namespace Teal.Tests.Listener.Powens;

public sealed class PowensSignatureTests
{
    private const string Prefix = "POST./powens-webhook/budgea.biapi.pro/USER_CREATED.2023-11-02T10:11:12Z.";

    [Test]
    public async Task IsValid_WhatOpensslSigned_IsTrueForItAndFalseForAnythingElse()
    {
        var random = new Random(29);
        foreach (var body in Bodies(random))
        {
            var secret = $"secret-{random.Next()}é";
            var signature = new PowensHmacSignature(
                Convert.ToBase64String(await OpensslAsync(secret, [.. Encoding.ASCII.GetBytes(Prefix), .. body])), Prefix, "");

            PowensSignature.IsValid(signature, body, secret).Should().BeTrue();
            PowensSignature.IsValid(signature, [.. body, (byte)'x'], secret).Should().BeFalse();
            PowensSignature.IsValid(signature, body, secret + "x").Should().BeFalse();
            PowensSignature.IsValid(signature with { PayloadPrefix = Prefix + "x" }, body, secret).Should().BeFalse();
            PowensSignature.IsValid(signature with { Signature = "" }, body, secret).Should().BeFalse();
            PowensSignature.IsValid(signature with { Signature = "QQ==" }, body, secret).Should().BeFalse();
            PowensSignature.IsValid(null, body, secret).Should().BeFalse();
        }
    }

    // Every byte value that UTF-8 allows, and some random bodies.
    private static IEnumerable<byte[]> Bodies(Random random)
    {
        yield return [];
        yield return Encoding.UTF8.GetBytes(
            string.Concat(Enumerable.Range(0, 0x10000).Where(code => code is < 0xd800 or > 0xdfff).Select(code => (char)code))
                + "😀\U0010ffff");
        for (var i = 0; i < 5; i++)
        {
            var body = new byte[random.Next(5000)];
            random.NextBytes(body);
            yield return body;
        }
    }

    private static async Task<byte[]> OpensslAsync(string secret, byte[] message)
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllBytesAsync(folder.Combine("message"), message);
        var key = Convert.ToHexString(Encoding.UTF8.GetBytes(secret));
        var start = new ProcessStartInfo(
            "openssl", ["dgst", "-sha256", "-mac", "HMAC", "-macopt", $"hexkey:{key}", "-r", folder.Combine("message")])
        {
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync().WithinLimit();
        return Convert.FromHexString(output.Split(' ')[0]);
    }
}
