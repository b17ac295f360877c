using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Teal.Core.Wire;

namespace Teal.Tests.Core;

public sealed class IsoInstantTests
{
    [TestCase("2026-12-31T23:59:59", "2026-12-31T23:59:59.000000")]
    [TestCase("2026-12-31 23:59:59", "2026-12-31T23:59:59.000000")]
    [TestCase("2026-12-31T23:59", "2026-12-31T23:59:00.000000")]
    [TestCase("2026-12-31T23:59:59.1", "2026-12-31T23:59:59.100000")]
    [TestCase("2026-12-31T23:59:59.123456789012", "2026-12-31T23:59:59.123456")]
    [TestCase("2026-12-31T23:59:59Z", "2026-12-31T23:59:59.000000")]
    [TestCase("2026-12-31T23:59:59.5+02:00", "2026-12-31T21:59:59.500000")]
    [TestCase("2026-12-31T23:59:59-0330", "2027-01-01T03:29:59.000000")]
    [TestCase("2026-12-31T23:59+02", "2026-12-31T21:59:00.000000")]
    public void TryParse_Iso8601_IsTheInstantInUtc(string text, string utc)
    {
        IsoInstant.TryParse(text, out var instant).Should().BeTrue();
        instant.TryGetUtc(out var result).Should().BeTrue();
        WireTimestamp.Format(result).Should().Be(utc);
    }

    [TestCase("")]
    [TestCase("2026-12-31")]
    [TestCase("2026-12-31t23:59:59")]
    [TestCase("2026-12-31T23:59:59z")]
    [TestCase("2026-02-30T00:00:00")]
    [TestCase("2026-13-01T00:00:00")]
    [TestCase("0000-01-01T00:00:00")]
    [TestCase("2026-01-01T24:00:00")]
    [TestCase("2026-01-01T00:00:60")]
    [TestCase("2026-01-01T00:00:00.")]
    [TestCase("2026-01-01T00:00:00.1x")]
    [TestCase("2026-01-01T00:00:00+24:00")]
    [TestCase("2026-01-01T00:00:00+1:00")]
    [TestCase("2026-01-01T00:00:00+01:0")]
    [TestCase("2026-01-01T00:00:00 ")]
    [TestCase("٢٠٢٦-01-01T00:00:00")]
    public void TryParse_SomethingElse_IsRefused(string text) => IsoInstant.TryParse(text, out _).Should().BeFalse();

    [TestCase("9999-12-31T23:59:59-14:00")]
    [TestCase("0001-01-01T00:00:00+14:00")]
    public void TryGetUtc_BeyondTheCalendar_IsRefused(string text)
    {
        IsoInstant.TryParse(text, out var instant).Should().BeTrue();
        instant.TryGetUtc(out _).Should().BeFalse();
    }

    [Test]
    public void TryParse_AnyText_NeverThrows() =>
        Prop.ForAll<string>(text => text is null || IsoInstant.TryParse(text, out _) || true).QuickCheckThrowOnFailure();

    [Test]
    public void TryParse_WhatWireTimestampWrote_IsTheSameInstant() =>
        Prop.ForAll<DateTime>(any =>
        {
            var utc = new DateTime(any.Ticks / 10 * 10, DateTimeKind.Utc);
            return IsoInstant.TryParse(WireTimestamp.Format(utc), out var read) && read.TryGetUtc(out var same) && same == utc;
        }).QuickCheckThrowOnFailure();

    [Test]
    public void TryParse_RandomlyDamagedDates_NeverThrows()
    {
        var random = new Random(7);
        for (var i = 0; i < 100_000; i++)
        {
            var text = DateTime.UnixEpoch.AddSeconds(random.Next())
                .ToString("yyyy-MM-ddTHH:mm:ss.ffffffzzz", CultureInfo.InvariantCulture).ToCharArray();
            text[random.Next(text.Length)] = (char)random.Next(0x20, 0x7f);
            if (IsoInstant.TryParse(text.AsSpan(0, random.Next(text.Length + 1)), out var instant)) instant.TryGetUtc(out _);
        }
    }
}
