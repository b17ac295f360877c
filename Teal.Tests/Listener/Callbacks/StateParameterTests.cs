using System.Buffers.Text;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Teal.Listener.Callbacks;

namespace Teal.Tests.Listener.Callbacks;

public sealed class StateParameterTests
{
    [TestCase("state=a&state=b", "b")]
    [TestCase("state=", "")]
    [TestCase("x=1?state=a", "a")]
    [TestCase("state=a?x=1", "a?x=1")]
    [TestCase("state=a&x=1?state=b", "a")]
    [TestCase("x=1", null)]
    [TestCase("", null)]
    [TestCase("response=code", null)]
    [TestCase("response=a.b.c", null)]
    [TestCase("response=..", null)]
    public void Find_Parameters_HasTheirState(string parameters, string? state) => StateParameter.Find(parameters).Should().Be(state);

    [TestCase("{\"state\":\"é b\"}", "é b")]
    [TestCase("{\"state\":\"\"}", "")]
    [TestCase("{\"state\":5}", null)]
    [TestCase("{\"state\":null}", null)]
    [TestCase("{\"state\":\"\\ud800\"}", null)]
    [TestCase("{\"state\":\"a\",\"state\":\"b\"}", null)]
    [TestCase("[]", null)]
    [TestCase("{", null)]
    [TestCase("", null)]
    public void Find_AJwt_HasThePayloadsState(string payload, string? state)
    {
        var jwt = $"e30.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(payload))}.c2ln";

        StateParameter.Find($"response={jwt}").Should().Be(state);
        StateParameter.Find($"response={jwt}.x").Should().BeNull();
        StateParameter.Find($"response={jwt}&state=own").Should().Be("own");
    }

    [Test]
    public void Find_AnyText_NeverFails() => Prop.ForAll<string, string>(static (first, second) =>
    {
        StateParameter.Find($"{first}response={first}.{second}.{first}?{second}");
        return true;
    }).QuickCheckThrowOnFailure();
}
