using System.Text;
using FsCheck;
using FsCheck.Fluent;
using RabbitMQ.Client;
using Teal.Core.Events;
using Teal.Core.Journal;
using Teal.RabbitMq;

namespace Teal.Tests.RabbitMq;

public sealed class PlaceHeaderTests
{
    private static readonly byte[] Key = new PlaceKey().Bytes;
    private static readonly byte[] Body = "{\"state\":\"s\"}"u8.ToArray();
    private static readonly EventPlace Place = new("redis", 1_790_000_000_000_001, 1_790_000_000_000_000);

    [Test]
    public void Read_WhatWasWritten_IsTheSamePlace()
    {
        var (place, seal) = Write(Place, Key);

        Read(place, seal).Should().Be(Place);
        PlaceHeader.Of(default, Body, Key).Should().BeNull();
    }

    [Test]
    public void Of_APlace_IsTextThatEarlierVersionsRead() =>
        Encoding.ASCII.GetString(Write(Place, Key).Place).Should().Be("redis 1790000000000001 1790000000000000");

    [Test]
    public void Read_WithoutTheKeysSeal_IsUnproven()
    {
        var (place, seal) = Write(Place, Key);
        var unproven = EventPlace.Unproven("redis");

        Read(place, Write(Place, new PlaceKey().Bytes).Seal).Should().Be(unproven);
        Read(Write(Place with { Position = long.MaxValue }, Key).Place, seal).Should().Be(unproven, "it is another place's");
        Read(place, seal, "{\"state\":\"t\"}"u8.ToArray()).Should().Be(unproven, "it is another message's");
        Read(place, "x").Should().Be(unproven);
        Read(place, null).Should().Be(unproven, "an earlier version writes no seal");
    }

    [TestCase("")]
    [TestCase("redis")]
    [TestCase("redis 1")]
    [TestCase("redis 1 1")]
    [TestCase("redis -1 -2")]
    [TestCase(" 2 1")]
    [TestCase("redis 99999999999999999999 1")]
    [TestCase("redis 2 1 0")]
    public void Read_AForeignHeader_IsNoPlace(string header) => Read(Encoding.UTF8.GetBytes(header), null).IsKept.Should().BeFalse();

    [Test]
    public void Read_AnyText_NeverThrowsAndIsNeverBelieved() =>
        Prop.ForAll<string, string>(
            static (place, seal) =>
                !Read(Encoding.UTF8.GetBytes(place ?? ""), Encoding.UTF8.GetBytes(seal ?? "")).IsKnown).QuickCheckThrowOnFailure();

    private static (byte[] Place, byte[] Seal) Write(EventPlace place, byte[] key)
    {
        var headers = PlaceHeader.Of(place, Body, key)!;
        return ((byte[])headers["teal-place"]!, (byte[])headers["teal-seal"]!);
    }

    private static EventPlace Read(byte[] place, object? seal, byte[]? body = null) =>
        PlaceHeader.Read(
            new BasicProperties { Headers = new Dictionary<string, object?> { ["teal-place"] = place, ["teal-seal"] = seal } },
            body ?? Body, Key);
}
