using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Teal.Listener.Http;

namespace Teal.Tests.Listener;

public sealed class QueryParametersTests
{
    [TestCase("state=1", "1")]
    [TestCase("a=b&state=1&c=d", "1")]
    [TestCase("state=1&state=2", "2")]
    [TestCase("state", "")]
    [TestCase("state=", "")]
    [TestCase("state=1&state", "")]
    [TestCase("state=a=b", "a=b")]
    [TestCase("state=a+b%20c%2Bd", "a b c+d")]
    [TestCase("state=%C3%A9%f0%9f%98%80", "é😀")]
    [TestCase("state=%ff", "\ufffd")]
    [TestCase("state=%zz%4%", "%zz%4%")]
    [TestCase("st%61te=1", "1")]
    [TestCase("state=a;state=b", "a;state=b")]
    [TestCase("State=1", null)]
    [TestCase("xstate=1&statex=1", null)]
    [TestCase("", null)]
    [TestCase("&&&", null)]
    public void FindLast_OfAQuery_IsTheLastOneDecoded(string query, string? value) =>
        QueryParameters.FindLast(query, "state").Should().Be(value);

    [Test]
    public void Decode_WhatWasEncoded_IsTheSame() =>
        Prop.ForAll<string>(text =>
        {
            text = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text ?? ""));
            return QueryParameters.Decode(Uri.EscapeDataString(text)) == text;
        }).QuickCheckThrowOnFailure();

    [Test]
    public void FindLast_AnyText_NeverThrows() =>
        Prop.ForAll<string>(text => QueryParameters.FindLast(text ?? "", "state")?.Length >= 0 || true).QuickCheckThrowOnFailure();

    [Test]
    public void Decode_RandomBytes_NeverThrows()
    {
        var random = new Random(3);
        for (var i = 0; i < 20_000; i++)
        {
            var text = new char[random.Next(600)];
            for (var j = 0; j < text.Length; j++) text[j] = "%+&=aF09z\u00e9\ud83d\ufffe\0"[random.Next(12)];
            QueryParameters.Decode(text);
        }
    }
}
