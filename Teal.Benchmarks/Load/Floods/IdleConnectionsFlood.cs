using Teal.Benchmarks.Load.Client;

namespace Teal.Benchmarks.Load.Floods;

/// <summary>
/// Connections to the listener that never say anything, more than there may be. The dispatcher and what asks for the server's health are to
/// get theirs all the same.
/// </summary>
internal sealed class IdleConnectionsFlood : IFlood
{
    private const int Connections = 1200, Addresses = 16;

    public string Name => "idle-connections";

    public string Title => $"{Connections:N0} connections from {Addresses} addresses send nothing, where {OpenFiles:N0} files may be open";

    public int? OpenFiles => 1000;

    public IDisposable Start(FloodTarget target) => new SilentConnections(target, Connections);

    private sealed class SilentConnections : IDisposable
    {
        private static readonly TimeSpan Pause = TimeSpan.FromSeconds(0.5);

        private readonly FloodTarget _target;
        private readonly Silent?[] _connections;
        private readonly Openings _openings;

        public SilentConnections(FloodTarget target, int count)
        {
            _target = target;
            _connections = new Silent?[count];
            _openings = new Openings(count);
            target.Loop.EachTurn += Open;
        }

        public void Dispose()
        {
            _target.Loop.EachTurn -= Open;
            foreach (var connection in _connections) connection?.Dispose();
        }

        private void Open()
        {
            foreach (var index in _openings.Take(Pause)) Open(index);
        }

        private void Open(int index)
        {
            _connections[index]?.Dispose();
            _connections[index] = new Silent(_target.Loop, _target.Server.HttpPort, Origin.OneOfMany(index % Addresses), () =>
            {
                _target.Tally.Add("closed");
                _openings.Add(index);
            });
        }
    }

    private sealed class Silent(EventLoop loop, int port, Origin origin, Action onClosed) : Connection(loop, port, origin)
    {
        protected override int Take(ReadOnlySpan<byte> data) => data.Length;

        protected override void OnClosed() => onClosed();
    }
}
