using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Teal.Core.Wire;

namespace Teal.Tests.Core;

public sealed class CompactJsonWriterTests
{
    [TestCase("a/b?c=d&e+f<g>'h'", "\"a/b?c=d&e+f<g>'h'\"")]
    [TestCase("\"\\\b\f\n\r\t", "\"\\\"\\\\\\b\\f\\n\\r\\t\"")]
    [TestCase("\0\u001f\u007f", "\"\\u0000\\u001f\\u007f\"")]
    [TestCase("é😀", "\"\\u00e9\\ud83d\\ude00\"")]
    [TestCase("", "\"\"")]
    [TestCase(null, "null")]
    public void Text_OfAllKinds_IsWrittenAsTheOriginalWritesIt(string? text, string expected) => Write(text).Should().Be(expected);

    // What a stranger would send: halves of pairs, both ends of each range, what ends a line in JavaScript, and more than a buffer holds.
    [Test]
    public void Text_OfHostileParts_IsWrittenUnitByUnit()
    {
        string[] parts =
        [
            "\ud800", "\udc00", "😀", "\U0010ffff", "\uffff", "\u2028", "\u2029", "é", "\u0080", "\u007f", "~", " ", "\u001f", "\0",
            "\n", "\"", "\\", "\\u0041", "</script>", new string('x', 70_000),
        ];
        var texts = Gen.Elements(parts).ListOf().Select(string.Concat).ToArbitrary();

        Prop.ForAll(texts, static text => Write(text) == $"\"{string.Concat(text.Select(Expected))}\"").QuickCheckThrowOnFailure();
    }

    [Test]
    public void Text_AnyString_IsReadBackTheSame() =>
        Prop.ForAll<string>(text => text is null || JsonSerializer.Deserialize<string>(Write(text)) == WellFormed(text))
            .QuickCheckThrowOnFailure();

    [Test]
    public void Text_KeptAsBytes_IsWrittenAsTheStringOfIt() =>
        Prop.ForAll<string>(text =>
        {
            var wellFormed = WellFormed(text ?? "") + "é😀\0\u007f\"\\plain";
            var json = new CompactJsonWriter(1);
            json.Text(Utf8Text.From(wellFormed));
            var written = Encoding.ASCII.GetString(json.ToArray());
            json.Dispose();
            return written == Write(wellFormed);
        }).QuickCheckThrowOnFailure();

    // Longer than what is pooled, so that its length is computed, and dense and thin in what is escaped.
    [TestCase("\u0001")]
    [TestCase("\n")]
    [TestCase("é")]
    [TestCase("😀")]
    [TestCase("plain\n")]
    [TestCase("plain")]
    public void Text_ALongOne_IsWrittenInOneBuffer(string part)
    {
        var text = string.Concat(Enumerable.Repeat(part, 200_000 / part.Length));
        var json = new CompactJsonWriter([]);
        json.Raw("["u8);
        json.Text(Utf8Text.From(text));
        json.Raw("]"u8);
        var (buffer, length) = json.Detach();
        Encoding.ASCII.GetString(buffer, 0, length).Should().Be($"[{Write(text)}]");
        buffer.Length.Should().BeInRange(length, length + 512);
    }

    [Test]
    public void Timestamp_WithoutAFraction_HasSixDigits()
    {
        var json = new CompactJsonWriter(1);
        json.Timestamp(new DateTime(2023, 8, 18, 23, 51, 41, DateTimeKind.Utc));
        Encoding.ASCII.GetString(json.ToArray()).Should().Be("\"2023-08-18T23:51:41.000000\"");
        json.Dispose();
    }

    // The rule, said once more.
    private static string Expected(char unit) => "\"\\\b\f\n\r\t".IndexOf(unit, StringComparison.Ordinal) is >= 0 and var i
        ? $"\\{"\"\\bfnrt"[i]}" : unit is >= '\u0020' and <= '\u007e' ? $"{unit}" : $"\\u{(int)unit:x4}";

    private static string Write(string? text)
    {
        var json = new CompactJsonWriter(1);
        json.Text(text);
        var written = Encoding.ASCII.GetString(json.ToArray());
        json.Dispose();
        return written;
    }

    // What a JSON reader makes of a lone surrogate.
    private static string WellFormed(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
}
