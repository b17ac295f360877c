namespace Teal.Benchmarks.Load.Floods;

/// <summary>The largest webhooks, of what takes six times as much in JSON, for a domain that clients know and for others.</summary>
internal sealed class LargeWebhooksFlood : IFlood
{
    private const int Connections = 64;

    /// <summary>1 MiB of control characters, which are UTF-8.</summary>
    public static byte[] Body { get; } = [.. Enumerable.Repeat((byte)1, 1024 * 1024)];

    public string Name => "large-webhooks";

    public string Title => $"{Connections} connections post webhooks of 1 MiB of 0x01, half of them for random domains";

    public IReadOnlyList<string> Settings => SmallRoom.Settings;

    public bool IsForDistributed => true;

    public IDisposable Start(FloodTarget target) => new Repeater(
        target, target.Server.HttpPort, Connections,
        static index => [Requests.WebhookHead(index % 2 == 0 ? "budgea.biapi.pro" : $"{Requests.Random()}.biapi.pro", Body.Length), Body]);
}
