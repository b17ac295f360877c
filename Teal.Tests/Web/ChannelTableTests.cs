using System.Net;
using Teal.Core.Addresses;
using Teal.Tests.Support;
using Teal.Web.Sessions;

namespace Teal.Tests.Web;

/// <summary>No address takes the websockets of all others.</summary>
public sealed class ChannelTableTests
{
    private static readonly ClientNetwork
        One = ClientNetwork.Of(IPAddress.Parse("2001:db8::1")), SameClient = ClientNetwork.Of(
            IPAddress.Parse("2001:db8::2")), Other = ClientNetwork.Of(IPAddress.Parse("192.0.2.1"));

    private readonly ChannelTable _table = new(
        new ChannelOptions { MaximumConnections = 5, MaximumConnectionsPerAddress = 2 }, TimeProvider.System);

    [Test]
    public void TryTakePlace_OverAnAddressesShare_LeavesTheOthersTheirPlaces()
    {
        Take(One, SameClient, One, Other, Other, Other).Should().Equal(
            PlaceResult.Taken, PlaceResult.Taken, PlaceResult.ShareTaken, PlaceResult.Taken, PlaceResult.Taken, PlaceResult.ShareTaken);

        _table.LeavePlace(SameClient);
        Take(One, One).Should().Equal(PlaceResult.Taken, PlaceResult.ShareTaken);
        _table.Count.Should().Be(4);
    }

    [Test]
    public void TryTakePlace_WhereManyClientsAre_IsBoundedInAllOnly() =>
        Take(null, null, null, null, null, null).Should().Equal([.. Enumerable.Repeat(PlaceResult.Taken, 5), PlaceResult.AllTaken]);

    [Test]
    public void TryTakePlace_WithAShareOfAll_GivesOneClientHalf()
    {
        var table = new ChannelTable(new ChannelOptions { MaximumConnections = 6, MaximumConnectionsPerAddress = 6 }, TimeProvider.System);
        Enumerable.Range(0, 6).Count(_ => table.TryTakePlace(One) == PlaceResult.Taken).Should().Be(3);
    }

    [Test]
    public async Task DrainAsync_WhileAClientShakesHands_WaitsForIt()
    {
        Take(One).Should().Equal(PlaceResult.Taken);

        var draining = _table.DrainAsync(CancellationToken.None);

        draining.IsCompleted.Should().BeFalse();
        Take(Other).Should().Equal(PlaceResult.Stopping);
        _table.LeavePlace(One);
        await draining.WithinLimit();
    }

    private PlaceResult[] Take(params ClientNetwork?[] clients) => [.. clients.Select(_table.TryTakePlace)];
}
