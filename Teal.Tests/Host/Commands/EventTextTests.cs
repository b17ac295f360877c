using System.Text.Json;
using Teal.Core.Kinds;
using Teal.Host.Commands;

namespace Teal.Tests.Host.Commands;

public sealed class EventTextTests
{
    // An event without words is passed over in silence.
    [Test]
    public void Knows_TheEventsOfEveryKind() =>
        EventKinds.All.Select(static kind => kind.EventType).Should().OnlyContain(static type => EventText.Knows(type));

    [Test]
    public void OneLine_WhatADispatcherMayWrite_IsTheSameJsonWithoutControlCharacters()
    {
        using var document = JsonDocument.Parse("{\r\n\t\"a\": \"\u009b2J\u007f \\n\",\n\"b\": 1.50}");

        var line = EventText.OneLine(document.RootElement);

        line.Should().Be("{\"a\": \"\\u009b2J\\u007f \\n\",\"b\": 1.50}");
        JsonDocument.Parse(line).RootElement.GetProperty("a").GetString().Should().Be("\u009b2J\u007f \n");
    }

    [Test]
    public void Describe_MembersWithControlCharactersInTheirNames_AreWrittenOut()
    {
        using var document = JsonDocument.Parse(
            """{"type":"openid_ciba_callback","timestamp":"t","request_id":"r","access_token":"a","push_token":null,"push_error":{"\u001b[2J":"x"}}""");

        EventText.Describe(document.RootElement).Should().NotContain("\u001b");
    }
}
