using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Teal.Listener.Json;

namespace Teal.Tests.Listener.Json;

/// <summary>Reads as <see cref="JsonDocument"/> does, in one pass.</summary>
public sealed class JsonMembersTests
{
    private static readonly JsonDocumentOptions Unambiguous = new() { AllowDuplicateProperties = false };

    [TestCase("{\"a\":1,\"a\":2}")]
    [TestCase("{\"a\":1,\"\\u0061\":2}")]
    [TestCase("{\"x\":{\"a\":1,\"a\":2}}")]
    [TestCase("{\"x\":[[{\"b\":0},{\"a\":1,\"b\":{},\"a\":2}]]}")]
    public void Read_ANameThatStandsTwice_IsRefusedUnlessAllowed(string json)
    {
        Read(json).Should().BeNull();
        Read(json, allowsDuplicates: true).Should().NotBeNull();
    }

    [Test]
    public void Read_ANameThatStandsTwiceAndMay_IsTheLast() =>
        Read("{\"a\":1,\"a\":\"x\"}", allowsDuplicates: true)!.Text("a").Should().Be("x");

    [Test]
    public void Read_TheSameNameInTwoObjects_IsTaken() =>
        Read("{\"a\":{\"a\":[{\"a\":1},{\"a\":1}]},\"b\":{\"a\":1}}").Should().NotBeNull();

    [Test]
    public void Read_Values_AreOfTheirType()
    {
        var members = Read(
            "{\"s\":\"\\u00e9\\n\",\"n\":-1.50,\"big\":1e400,\"null\":null,\"o\":{\"x\":[1,{}]},\"a\":[\"]\",1],\"t\":true,\"\":0}")!;

        members.Text("s").Should().Be("é\n");
        members.Number("n").Should().Be(-1.50m);
        members.Number("big").Should().BeNull();
        members.Number("s").Should().BeNull();
        members.Text("n").Should().BeNull();
        members.Has("null").Should().BeFalse();
        members.TypeOf("null").Should().Be(JsonTokenType.Null);
        members.TypeOf("o").Should().Be(JsonTokenType.StartObject);
        members.TypeOf("a").Should().Be(JsonTokenType.StartArray);
        members.TypeOf("t").Should().Be(JsonTokenType.True);
        members.Has("").Should().BeTrue();
        members.Has("x").Should().BeFalse();
        members.TypeOf("x").Should().Be(JsonTokenType.None);
    }

    [TestCase("{} x")]
    [TestCase("{}{}")]
    [TestCase("{\"a\":1,}")]
    [TestCase("{\"a\":[1,]}")]
    [TestCase("{/**/}")]
    [TestCase("{\"a\":01}")]
    [TestCase("{\"a\":")]
    [TestCase("{\"a\":{}")]
    [TestCase("")]
    public void Read_WhatIsNoJson_Throws(string json) => json.Invoking(static json => Read(json)).Should().Throw<JsonException>();

    [TestCase("[]")]
    [TestCase("1")]
    [TestCase("null")]
    public void Read_AnotherValue_IsNull(string json) => Read(json).Should().BeNull();

    [Test]
    public void Read_AnyText_SaysWhatJsonDocumentSays()
    {
        // Texts that are nearly JSON, and sometimes are.
        string[] pieces =
        [
            "{", "}", "[", "]", "{}", "[]", ",", ":", "\"a\"", "\"b\"", "\"\\u0061\"", "\"a\":", "\"b\":", "\"\\ud800\"", "1", "-0.5",
            "null", "true", " ", "x", "\"a\":1", "\"b\":{\"a\":1}",
        ];
        Prop.ForAll(Gen.Elements(pieces).ListOf().ToArbitrary(), static chosen =>
        {
            var json = Encoding.UTF8.GetBytes("{" + string.Concat(chosen));
            return Outcome(() => JsonMembers.Read(json, allowsDuplicates: false) is not null) == Outcome(() => IsObject(json));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(20_000));
    }

    [TestCase(62, true)]
    [TestCase(63, true)]
    [TestCase(64, false)]
    public void Read_Depth_IsBoundedAsInJsonDocument(int depth, bool isTaken)
    {
        var json = $"{{\"a\":{new string('[', depth)}{new string(']', depth)}}}";

        Outcome(() => Read(json) is not null).Should().Be(isTaken);
        Outcome(() => IsObject(Encoding.UTF8.GetBytes(json))).Should().Be(isTaken);
    }

    private static JsonMembers? Read(string json, bool allowsDuplicates = false) =>
        JsonMembers.Read(Encoding.UTF8.GetBytes(json), allowsDuplicates);

    private static bool IsObject(byte[] json)
    {
        using var document = JsonDocument.Parse(json, Unambiguous);
        return document.RootElement.ValueKind == JsonValueKind.Object;
    }

    private static bool Outcome(Func<bool> read)
    {
        try
        {
            return read();
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return false;
        }
    }
}
