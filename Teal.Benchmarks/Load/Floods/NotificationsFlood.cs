namespace Teal.Benchmarks.Load.Floods;

/// <summary>Small notifications, each for a request that nobody made: a topic each.</summary>
internal sealed class NotificationsFlood : IFlood
{
    private const int Connections = 8;

    public string Name => "notifications";

    public string Title => $"{Connections} connections post notifications with random `auth_req_id`s";

    public IReadOnlyList<string> Settings => SmallRoom.Settings;

    public bool IsForDistributed => true;

    public IDisposable Start(FloodTarget target) =>
        new Repeater(target, target.Server.HttpPort, Connections, static _ => [Requests.Notification(Requests.Random())]);
}
