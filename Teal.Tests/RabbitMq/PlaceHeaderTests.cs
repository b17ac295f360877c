using System.Text;
using FsCheck;
using FsCheck.Fluent;
using RabbitMQ.Client;
using Teal.Core.Events;
using Teal.Core.Journal;
using Teal.Core.Kinds;
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
        var headers = Write(Place, Key);

        Read(headers).Place.Should().Be(Place);
        PlaceHeader.Of(Callback(default, "anonymous"), Body, Key).Should().ContainKey("teal-owner");
        PlaceHeader.Of(Callback(default, null), Body, Key).Should().BeNull();
    }

    [Test]
    public void Of_APlace_IsTextThatEarlierVersionsRead() =>
        Text(Write(Place, Key)["teal-place"]).Should().Be("redis 1790000000000001 1790000000000000");

    [TestCase("anonymous", null)]
    [TestCase("acme", "acme")]
    [TestCase(null, "-")]
    public void Of_ACallback_TellsItsOwnerWhereThatIsNotAnonymous(string? owner, string? header)
    {
        var headers = Write(Place, Key, owner);

        (headers.TryGetValue("teal-owner", out var value) ? Text(value) : null).Should().Be(header);
        Read(headers).Should().Be(Callback(Place, owner));
    }

    [TestCase(null, null)]
    [TestCase("anonymous", "anonymous")]
    [TestCase("acme", "acme")]
    public void Of_ANotification_TellsItsOwnerWhereThereIsOne(string? owner, string? header)
    {
        var notification = new OpenIdCibaEvent(DateTime.UnixEpoch, "s", "token", null, null) { Place = Place, Owner = owner };
        var headers = PlaceHeader.Of(notification, Body, Key)!;

        (headers.TryGetValue("teal-owner", out var value) ? Text(value) : null).Should().Be(header);
        PlaceHeader.Read(notification with { Place = default, Owner = null }, Properties(headers), Body, Key).Should().Be(notification);
    }

    [Test]
    public void Read_WithoutTheKeysSeal_IsUnproven()
    {
        var headers = Write(Place, Key);
        var unproven = EventPlace.Unproven("redis");

        Read(With(headers, "teal-seal", Write(Place, new PlaceKey().Bytes)["teal-seal"])).Place.Should().Be(unproven);
        Read(With(headers, "teal-place", Write(Place with { Position = long.MaxValue }, Key)["teal-place"])).Place
            .Should().Be(unproven, "it is another place's");
        Read(headers, "{\"state\":\"t\"}"u8.ToArray()).Place.Should().Be(unproven, "it is another message's");
        Read(With(headers, "teal-seal", "x")).Place.Should().Be(unproven);
        Read(With(headers, "teal-seal", null)).Place.Should().Be(unproven, "an earlier version writes no seal");
    }

    [TestCase("acme", null)]
    [TestCase("acme", "")]
    [TestCase("acme", "beta")]
    [TestCase("acme", "anonymous")]
    [TestCase("acme", "-")]
    [TestCase("acme", "acme ")]
    [TestCase("anonymous", "beta")]
    [TestCase("anonymous", "-")]
    [TestCase(null, "beta")]
    [TestCase(null, null)]
    public void Read_AnotherOwnerThanTheSealedOne_IsUnproven(string? owner, string? forged)
    {
        var headers = Write(Place, Key, owner);

        Read(With(headers, "teal-owner", forged is null ? null : Encoding.UTF8.GetBytes(forged))).Place
            .Should().Be(EventPlace.Unproven("redis"));
    }

    [Test]
    public void Read_AnOwnerThatIsMovedIntoThePlace_IsNoPlace()
    {
        var headers = With(Write(Place, Key, "acme"), "teal-owner", null);

        Read(With(headers, "teal-place", Encoding.ASCII.GetBytes($"{Text(headers["teal-place"])} acme"))).Place.IsKept.Should().BeFalse();
    }

    [TestCase(null, null)]
    [TestCase("beta", "beta")]
    [TestCase("-", null)]
    [TestCase("No Team", null)]
    [TestCase("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", null)]
    public void Read_AnOwnerWithoutAPlace_OnlyNarrowsWhoGetsTheEvent(string? header, string? owner)
    {
        var headers = new Dictionary<string, object?> { ["teal-owner"] = header is null ? null : Encoding.UTF8.GetBytes(header) };

        Read(headers).Should().Be(Callback(default, owner));
    }

    [TestCase("")]
    [TestCase("redis")]
    [TestCase("redis 1")]
    [TestCase("redis 1 1")]
    [TestCase("redis -1 -2")]
    [TestCase(" 2 1")]
    [TestCase("redis 99999999999999999999 1")]
    [TestCase("redis 2 1 0")]
    public void Read_AForeignHeader_IsNoPlace(string header) =>
        Read(new Dictionary<string, object?> { ["teal-place"] = Encoding.UTF8.GetBytes(header) }).Place.IsKept.Should().BeFalse();

    [Test]
    public void Read_AnyText_NeverThrowsAndIsNeverBelieved() =>
        Prop.ForAll<string, string, string>(static (place, seal, owner) => !Read(new Dictionary<string, object?>
        {
            ["teal-place"] = Encoding.UTF8.GetBytes(place ?? ""),
            ["teal-seal"] = Encoding.UTF8.GetBytes(seal ?? ""),
            ["teal-owner"] = Encoding.UTF8.GetBytes(owner ?? ""),
        }).Place.IsKnown).QuickCheckThrowOnFailure();

    private static CallbackEvent Callback(EventPlace place, string? owner) =>
        new(DateTime.UnixEpoch, "http://x", "s") { Place = place, Owner = owner };

    private static IDictionary<string, object?> Write(EventPlace place, byte[] key, string? owner = "anonymous") =>
        PlaceHeader.Of(Callback(place, owner), Body, key)!;

    private static Dictionary<string, object?> With(IDictionary<string, object?> headers, string name, object? value) =>
        new(headers) { [name] = value };

    private static string Text(object? header) => Encoding.ASCII.GetString((byte[])header!);

    private static BasicProperties Properties(IDictionary<string, object?> headers) => new() { Headers = headers };

    private static TealEvent Read(IDictionary<string, object?> headers, byte[]? body = null) =>
        PlaceHeader.Read(Callback(default, null), Properties(headers), body ?? Body, Key);
}
