using System.Text;
using FsCheck;
using FsCheck.Fluent;
using RabbitMQ.Client;
using Teal.Core.Events;
using Teal.RabbitMq;

namespace Teal.Tests.RabbitMq;

public sealed class PlaceHeaderTests
{
    [Test]
    public void Read_WhatWasWritten_IsTheSamePlace()
    {
        var place = new EventPlace("redis", 1_790_000_000_000_001, 1_790_000_000_000_000);

        Read(PlaceHeader.Of(place)!["teal-place"]).Should().Be(place);
        PlaceHeader.Of(default).Should().BeNull();
    }

    [TestCase("")]
    [TestCase("redis")]
    [TestCase("redis 1")]
    [TestCase("redis 1 1")]
    [TestCase("redis -1 -2")]
    [TestCase(" 2 1")]
    [TestCase("redis 99999999999999999999 1")]
    [TestCase("redis 2 1 0")]
    public void Read_AForeignHeader_IsNoPlace(string header) => Read(header).IsKept.Should().BeFalse();

    [Test]
    public void Read_AnyText_NeverThrows() => Prop.ForAll<string>(static text => Read(text ?? "") is { Position: >= 0 }).QuickCheckThrowOnFailure();

    // Strings come as bytes from the broker.
    private static EventPlace Read(object? header) => PlaceHeader.Read(new BasicProperties
    {
        Headers = new Dictionary<string, object?> { ["teal-place"] = Encoding.UTF8.GetBytes((string)header!) },
    });
}
