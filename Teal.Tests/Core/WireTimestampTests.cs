using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Teal.Core.Wire;

namespace Teal.Tests.Core;

public sealed class WireTimestampTests
{
    [Test]
    public void Format_AnyInstantOfAnyKind_HasSixDigitsAndNoZone() =>
        Prop.ForAll<DateTime, DateTimeKind>(static (any, kind) =>
        {
            var instant = DateTime.SpecifyKind(any, kind);
            var bytes = new byte[WireTimestamp.Length];
            var expected = instant.ToString("yyyy-MM-ddTHH:mm:ss.ffffff", CultureInfo.InvariantCulture);
            return WireTimestamp.Format(instant) == expected
                && WireTimestamp.Format(instant, bytes) == bytes.Length && Encoding.ASCII.GetString(bytes) == expected;
        }).QuickCheckThrowOnFailure();

    [TestCase(0L, "0001-01-01T00:00:00.000000")]
    [TestCase(3155378975999999999L, "9999-12-31T23:59:59.999999")]
    public void Format_TheCalendarsEnds_AreCutNotRounded(long ticks, string expected) =>
        WireTimestamp.Format(new DateTime(ticks, DateTimeKind.Utc)).Should().Be(expected);
}
