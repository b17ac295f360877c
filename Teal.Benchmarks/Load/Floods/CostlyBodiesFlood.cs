using System.Text;

namespace Teal.Benchmarks.Load.Floods;

/// <summary>JSON that is nested as deep as may be, around as many elements as fit: reading it costs more than its length says.</summary>
internal sealed class CostlyBodiesFlood : IFlood
{
    private const int Connections = 8, Depth = 63;

    public string Name => "costly-bodies";

    public string Title => $"{Connections} connections post notifications of 1 MiB or 60 KB of brackets and numbers";

    public IDisposable Start(FloodTarget target)
    {
        ReadOnlyMemory<byte>[][] requests = [.. from length in (int[])[1024 * 1024, 60_000] select ToRequest(Body(length))];
        return new Repeater(target, target.Server.HttpPort, Connections, index => requests[index % requests.Length]);
    }

    private static ReadOnlyMemory<byte>[] ToRequest(byte[] body) => [Requests.NotificationHead(body.Length), body];

    private static byte[] Body(int length)
    {
        var elements = string.Concat(Enumerable.Repeat("1,", (length - (2 * Depth) - 1) / 2));
        return Encoding.ASCII.GetBytes($"{new string('[', Depth)}{elements}1{new string(']', Depth)}");
    }
}
