using System.Diagnostics;
using System.Text;
using Teal.Benchmarks.Load.Client;
using Teal.Benchmarks.Load.Servers;

namespace Teal.Benchmarks.Load.Herds;

/// <summary>One program of a herd: connects, makes its state, registers for it, and tries again where it is turned away.</summary>
internal sealed class HerdMember : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(0.5);

    private readonly EventLoop _loop;
    private readonly TealServer _server;
    private readonly Origin _origin;
    private readonly byte[] _handshake, _registered;
    private readonly string[] _messages;
    private WebSocketClient? _socket;
    private long _ended;

    public HerdMember(EventLoop loop, TealServer server, Origin origin, HerdManner manner, string[] messages)
    {
        (_loop, _server, _origin, _messages) = (loop, server, origin, messages);
        (_handshake, _registered) = (Encoding.ASCII.GetBytes(manner.Handshake), Encoding.ASCII.GetBytes(manner.Registered));
    }

    /// <summary>Whether the server has said that it is registered.</summary>
    public bool IsRegistered { get; private set; }

    /// <summary>How many events it has got.</summary>
    public int Events { get; private set; }

    /// <summary>How often it was turned away.</summary>
    public int Refusals { get; private set; }

    /// <summary>Connects.</summary>
    public void Connect()
    {
        _socket?.Dispose();
        _ended = 0;
        _socket = new WebSocketClient(_loop, _server.WebSocketPort, _handshake, OnMessage, _origin) { OnOpen = Register, OnEnd = TurnAway };
    }

    /// <summary>Tries again, where it is time to.</summary>
    public void TryAgain()
    {
        if (_ended == 0 || Stopwatch.GetElapsedTime(_ended) < Pause) return;

        Connect();
    }

    /// <inheritdoc/>
    public void Dispose() => _socket?.Dispose();

    private void Register()
    {
        foreach (var message in _messages) _socket!.SendText(message);
    }

    private void OnMessage(ReadOnlySpan<byte> message)
    {
        if (message.StartsWith(_registered)) IsRegistered = true;
        else if (message.StartsWith("{\"type\":\"callback\","u8)) Events++;
        else if (message.StartsWith("{\"type\":\"error\""u8)) TurnAway();
    }

    private void TurnAway()
    {
        IsRegistered = false;
        Refusals++;
        _ended = Stopwatch.GetTimestamp();
    }
}
