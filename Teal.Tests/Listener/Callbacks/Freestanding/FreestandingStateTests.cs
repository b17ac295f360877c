using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Teal.Core.Addresses;
using Teal.Listener.Callbacks.Freestanding;

namespace Teal.Tests.Listener.Callbacks.Freestanding;

/// <summary>Specification 2.2.</summary>
public sealed class FreestandingStateTests
{
    private const string Alphabet = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-.";

    [TestCase("B1001www.example.org", "https://www.example.org/", null)]
    [TestCase("B1021budgea_abc", "https://budgea-sandbox.biapi.pro/", "abc")]
    [TestCase("B1033budgea", "https://budgea.biapi.pro/2.0/webauth/resume", null)]
    [TestCase("B1b02localhost", "http://localhost:3158/webauth/resume", null)]
    [TestCase("B110ji01localhost", "https://localhost:1234/", null)]
    [TestCase("B1201www.example.org", "https://www.example.org/", null)]
    [TestCase("B1021budgea_a_b__c", "https://budgea-sandbox.biapi.pro/", "a_b__c")]
    [TestCase("B1021budgea_", "https://budgea-sandbox.biapi.pro/", "")]
    public void Decode_APackedState_IsWhatTheSpecificationSays(string text, string url, string? state)
    {
        var decoded = FreestandingState.Decode(text)!;
        decoded.RedirectUrl.Text.Should().Be(url);
        decoded.State.Should().Be(state);
        decoded.WithFragment.Should().BeFalse();
        PackedState.Encode(decoded.RedirectUrl, state, false).Should().Be(text == "B1201www.example.org" ? "B1001www.example.org" : text);
    }

    [TestCase("B1401www.example.org")]
    public void Decode_APackedStateWithTheFragmentFlag_GathersIt(string text) =>
        FreestandingState.Decode(text)!.WithFragment.Should().BeTrue();

    [TestCase("B1")]
    [TestCase("B10")]
    [TestCase("B1001")]
    [TestCase("B1001_abc")]
    [TestCase("b1001www.example.org")]
    [TestCase("B2001www.example.org")]
    [TestCase("B1g01www.example.org")]
    [TestCase("B1w01www.example.org")]
    [TestCase("B1011www.example.org")]
    [TestCase("B1000www.example.org")]
    [TestCase("B1004www.example.org")]
    [TestCase("B11g0001www.example.org")]
    [TestCase("B110j")]
    [TestCase("B1001www.example.org:80")]
    [TestCase("B1001www.example.org/x")]
    [TestCase("B1001a@b")]
    [TestCase("B1001www.example.org_a b")]
    [TestCase("B1001www.example.org_é")]
    [TestCase("B1001-bad-")]
    [TestCase("B1001..")]
    [TestCase("")]
    public void Decode_SomethingThatIsNoPackedState_IsNothing(string text) => FreestandingState.Decode(text).Should().BeNull();

    [TestCase("{\"redirect_uri\":\"https://example.org/cb?a=1\",\"state\":\"s\"}", "https://example.org/cb?a=1", "s")]
    [TestCase("{\"redirect_uri\":\"http://localhost:3000\",\"other\":[1]}", "http://localhost:3000", null)]
    [TestCase("{\"redirect_uri\":\"https://example.org\",\"state\":null}", "https://example.org", null)]
    public void Decode_ABase64State_IsReadWithAndWithoutPadding(string json, string url, string? state)
    {
        var base64 = Convert.ToBase64String(Encoding.UTF8.GetBytes(json));
        foreach (var text in new[] { base64, base64.TrimEnd('=') })
        {
            var decoded = FreestandingState.Decode(text)!;
            decoded.RedirectUrl.Text.Should().Be(url);
            decoded.State.Should().Be(state);
        }
    }

    [TestCase("123")]
    [TestCase("null")]
    [TestCase("[]")]
    [TestCase("{}")]
    [TestCase("{\"redirect_uri\":5}")]
    [TestCase("{\"redirect_uri\":\"javascript:alert(1)\"}")]
    [TestCase("{\"redirect_uri\":\"//evil.example\"}")]
    [TestCase("{\"redirect_uri\":\"/x\"}")]
    [TestCase("{\"redirect_uri\":\"https://example.org/\\r\\nX: y\"}")]
    [TestCase("{\"redirect_uri\":\"https://example.org\\\\@evil.example\"}")]
    [TestCase("{\"redirect_uri\":\"https://example.org\",\"state\":5}")]
    [TestCase("{\"redirect_uri\":\"https://example.org\",\"state\":\"\\ud800\"}")]
    public void Decode_Base64OfSomethingElse_IsNothing(string json) =>
        FreestandingState.Decode(Convert.ToBase64String(Encoding.UTF8.GetBytes(json))).Should().BeNull();

    [Test]
    public void Decode_Base64OfAbsurdDepth_IsNothing() =>
        FreestandingState.Decode(Convert.ToBase64String(Encoding.UTF8.GetBytes(new string('[', 30_000)))).Should().BeNull();

    [Test]
    public void Decode_AnyText_NeverThrowsAndGivesAbsoluteHttpUrlsOnly() =>
        Prop.ForAll<string>(text => IsHarmless(text ?? "")).QuickCheckThrowOnFailure();

    [Test]
    public void Decode_RandomPackedTexts_NeverThrowsAndGivesAbsoluteHttpUrlsOnly()
    {
        var random = new Random(13);
        var decoded = 0;
        for (var i = 0; i < 100_000; i++)
        {
            var text = new StringBuilder("B1").Append(Alphabet[random.Next(17)]);
            for (var length = random.Next(20); length > 0; length--)
                text.Append(random.Next(5) == 0 ? "0123_@:/ é"[random.Next(10)] : Alphabet[random.Next(64)]);
            IsHarmless(text.ToString()).Should().BeTrue(text.ToString());
            if (FreestandingState.Decode(text.ToString()) is not null) decoded++;
        }

        decoded.Should().BeGreaterThan(100, "the texts should come near to states");
    }

    [Test]
    public void Encode_APackedState_RoundTrips()
    {
        var random = new Random(19);
        string[] suffixes = ["", "-sandbox.biapi.pro", ".biapi.pro"],
            paths = ["/", "/webauth/resume", "/2.0/webauth/resume"], schemes = ["http", "https"];
        for (var i = 0; i < 20_000; i++)
        {
            var port = random.Next(3) switch { 0 => "", 1 => ":3158", _ => $":{random.Next(65536)}" };
            var host = $"h{random.Next()}{(random.Next(2) == 0 ? ".example" : "")}{suffixes[random.Next(3)]}";
            HttpUrl.TryParse($"{schemes[random.Next(2)]}://{host}{port}{paths[random.Next(3)]}", out var url, out _).Should().BeTrue();
            var state = random.Next(3) == 0 ? null
                : string.Concat(Enumerable.Range(0, random.Next(30)).Select(_ => (Alphabet + "_")[random.Next(65)]));

            var decoded = FreestandingState.Decode(PackedState.Encode(url!, state, i % 2 == 0)!)!;

            decoded.State.Should().Be(state);
            decoded.WithFragment.Should().Be(i % 2 == 0);
            decoded.RedirectUrl.Host.Should().Be(url!.Host);
            decoded.RedirectUrl.Rest.ToString().Should().Be(url.Rest.ToString());
            PortOf(decoded.RedirectUrl).Should().Be(PortOf(url));
        }
    }

    [Test]
    public void Encode_ABase64State_RoundTrips() =>
        Prop.ForAll<string, string>((path, state) =>
        {
            var text = $"https://example.org/{Uri.EscapeDataString(Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(path ?? "")))}";
            var wellFormed = state is null ? null : Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(state));
            var decoded = HttpUrl.TryParse(text, out var url, out _) ? FreestandingState.Decode(Base64JsonState.Encode(url!, wellFormed))
                : null;
            return decoded is not null && decoded.RedirectUrl.Text == text && decoded.State == wellFormed;
        }).QuickCheckThrowOnFailure();

    [TestCase("https://example.org/other")]
    [TestCase("https://example.org/?a=1")]
    [TestCase("https://example.org/#f")]
    [TestCase("https://user@example.org/")]
    [TestCase("https://[::1]/")]
    [TestCase("https://bücher.example/")]
    [TestCase("https://.biapi.pro/")]
    public void Encode_WhatThePackedFormatHasNoRoomFor_IsNothing(string text) =>
        (HttpUrl.TryParse(text, out var url, out _) ? PackedState.Encode(url!, null, false) : null).Should().BeNull();

    private static bool IsHarmless(string text) =>
        FreestandingState.Decode(text) is not { } state
        || (Uri.TryCreate(state.RedirectUrl.Text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.Host.Length > 0);

    private static int PortOf(HttpUrl url) => url.Port ?? (url.IsHttps ? 443 : 80);
}
