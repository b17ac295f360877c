using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Teal.Api.Http;

namespace Teal.Tests.Api;

/// <summary>A body is taken as it is meant, or refused with what is wrong; nothing in it is passed over.</summary>
internal sealed class ApiInputTests
{
    [Test]
    public void Members_OfAllTypes_AreRead()
    {
        var input = Read(
            """{"name":"bäckerei","on":true,"off":false,"list":["a","b"],"map":{"x":"1"},"at":"2027-01-31T23:59:59+01:00","no":null}""");

        input.Text("name").Should().Be("bäckerei");
        input.Flag("on").Should().BeTrue();
        input.Flag("off").Should().BeFalse();
        input.Texts("list").Should().Equal("a", "b");
        input.Map("map").Should().Equal(new Dictionary<string, string> { ["x"] = "1" });
        input.Instant("at").Should().Be(new DateTime(2027, 1, 31, 22, 59, 59, DateTimeKind.Utc));
        (input.Text("no"), input.Flag("no"), input.Texts("none"), input.Map("none"), input.Instant("none"))
            .Should().Be((null, null, null, null, null));
        input.Fault.Should().BeNull();
    }

    [TestCase("""{"name":1}""", "\"name\" must be a string.")]
    [TestCase("""{"name":"\ud800"}""", "\"name\" must be a string.")]
    [TestCase("""{"flag":"true"}""", "\"flag\" must be true or false.")]
    [TestCase("""{"list":"a"}""", "\"list\" must be a list of strings.")]
    [TestCase("""{"list":["a",null]}""", "\"list\" must be a list of strings.")]
    [TestCase("""{"map":[]}""", "\"map\" must be an object of strings.")]
    [TestCase("""{"map":{"a":1}}""", "\"map\" must be an object of strings.")]
    [TestCase("""{"at":1}""", "\"at\" must be an instant such as 2027-01-31T23:59:59Z.")]
    [TestCase("""{"at":"tomorrow"}""", "\"at\" must be an instant such as 2027-01-31T23:59:59Z.")]
    [TestCase("""{"nam":"x"}""", "\"nam\" is not known here; there is name, flag, list, map, at.")]
    public void Fault_OfAMember_NamesItAndSaysWhatItMustBe(string json, string detail)
    {
        var input = Read(json);

        Ask(input);

        input.Fault!.Detail.Should().Be(detail);
        (input.Fault.Status, input.Fault.Code).Should().Be((400, "invalid_message"));
    }

    [TestCase("")]
    [TestCase("null")]
    [TestCase("[]")]
    [TestCase("{} {}")]
    [TestCase("""{"name":"a","name":"b"}""")]
    [TestCase("""{"name":"a","na\u006de":"b"}""")]
    [TestCase("""{"map":{"a":"b","a":"c"}}""")]
    [TestCase("""{"\ud800":"a"}""")]
    [TestCase("""{"map":{"\ud800":"a"}}""")]
    [TestCase("""{"name":"a",}""")]
    [TestCase("""{"name":/* */"a"}""")]
    [TestCase("""{"a":[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]}""")]
    public void Read_WhatIsNoObjectWithNamesOnce_SaysSo(string json)
    {
        var input = Read(json);

        Ask(input);

        input.Fault!.Detail.Should().Be("The body must be one JSON object in UTF-8, nested at most 16 deep, that has no member twice.");
    }

    [Test]
    public void Read_BytesThatAreNoUtf8_IsAFault()
    {
        var input = ApiInput.Read(Encoding.Latin1.GetBytes("{\"n\":\"\u00ff\"}"));

        input.Text("n").Should().BeNull();
        input.Fault.Should().NotBeNull();
    }

    [Test]
    public void Fault_OfALongName_IsCutAndHasNoControlCharacter()
    {
        var input = Read($$"""{"{{new string('x', 31)}}\ud83d\ude00\u0007{{new string('y', 1000)}}":1}""");

        input.Fault!.Detail.Should().StartWith($"\"{new string('x', 31)}…\" is not known here").And.NotContainAny("\u0007", "y");
    }

    [Test]
    public void Fault_OfTwo_IsTheFirst()
    {
        var input = Read("""{"flag":1,"name":2}""");

        Ask(input);

        input.Fault!.Detail.Should().StartWith("\"name\"");
    }

    [Test]
    public void Read_AnyBytes_NeverThrows() => Prop.ForAll<byte[]>(static bytes =>
    {
        var input = ApiInput.Read(bytes);
        Ask(input);
        _ = input.Fault;
    }).QuickCheckThrowOnFailure();

    [Test]
    public void Read_AnyText_NeverThrows() => Prop.ForAll<string>(static text =>
    {
        var input = Read($$$"""{"name":{{{text}}},"map":{"{{{text}}}":"{{{text}}}"}}""");
        Ask(input);
        _ = input.Fault;
    }).QuickCheckThrowOnFailure();

    private static ApiInput Read(string json) => ApiInput.Read(Encoding.UTF8.GetBytes(json));

    private static void Ask(ApiInput input)
    {
        input.Text("name");
        input.Flag("flag");
        input.Texts("list");
        input.Map("map");
        input.Instant("at");
    }
}
