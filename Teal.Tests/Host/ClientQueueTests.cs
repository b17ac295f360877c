using System.Net;
using Teal.Core.Addresses;
using Teal.Host.Serving;

namespace Teal.Tests.Host;

/// <summary>Connections and long requests are taken of one client after the other.</summary>
public sealed class ClientQueueTests
{
    private static readonly ClientNetwork Stranger = ClientNetwork.Of(IPAddress.Parse("192.0.2.1")),
        Other = ClientNetwork.Of(IPAddress.Parse("192.0.2.2"));

    private ClientQueue<int> _queue = null!;

    [SetUp]
    public void SetUp() => _queue = new ClientQueue<int>();

    [Test]
    public void TryDequeue_OfAClientBehindAThousandOfAnother_IsTheSecond()
    {
        for (var i = 0; i < 1000; i++) _queue.Enqueue(Stranger, i);
        _queue.Enqueue(Other, -1);
        _queue.Enqueue(null, -2);

        _queue.Count.Should().Be(1002);
        Take(5).Should().Equal(0, -1, -2, 1, 2);
        _queue.Count.Should().Be(997);
    }

    [Test]
    public void TryDequeue_WhenAllWasTaken_IsFalse()
    {
        _queue.Enqueue(Other, 7);

        Take(2).Should().Equal(7);
        _queue.TryDequeue(out _).Should().BeFalse();
        _queue.Count.Should().Be(0);
    }

    private List<int> Take(int count)
    {
        var taken = new List<int>();
        while (taken.Count < count && _queue.TryDequeue(out var item)) taken.Add(item);
        return taken;
    }
}
