namespace Teal.Benchmarks.Load.Floods;

/// <summary>Bodies that lack their last byte: a server may hold none of them for long, and not all of them at once.</summary>
internal sealed class UnfinishedBodiesFlood : IFlood
{
    private const int Connections = 400, Length = 1024 * 1024;

    public string Name => "unfinished-bodies";

    public string Title => $"{Connections} connections send 1 MiB but for the last byte, and then nothing";

    public IDisposable Start(FloodTarget target)
    {
        ReadOnlyMemory<byte> body = Enumerable.Repeat((byte)'a', Length - 1).ToArray();
        ReadOnlyMemory<byte>[][] requests =
        [
            [Requests.NotificationHead(Length), body],
            [Requests.WebhookHead("budgea.biapi.pro", Length), body],
        ];
        return new Repeater(target, target.Server.HttpPort, Connections, index => requests[index % requests.Length])
        {
            Pause = TimeSpan.FromSeconds(1),
        };
    }
}
