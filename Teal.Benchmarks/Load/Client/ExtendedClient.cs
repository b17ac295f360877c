using System.Text;
using Teal.Benchmarks.Load.Servers;

namespace Teal.Benchmarks.Load.Client;

/// <summary>A client of <c>teal.v2</c>: says one thing after the other, and counts the answers.</summary>
internal sealed class ExtendedClient : IDisposable
{
    private static readonly byte[] Handshake = Encoding.ASCII.GetBytes(TealServer.ExtendedHandshake());

    private readonly WebSocketClient _socket;
    private readonly Queue<string> _early = new();

    /// <summary>Connects; what is said before the handshake is done waits for it.</summary>
    public ExtendedClient(EventLoop loop, TealServer server, Origin origin) =>
        _socket = new WebSocketClient(loop, server.WebSocketPort, Handshake, OnMessage, origin)
        {
            OnOpen = SayEarly,
            OnEnd = () => OnEnd?.Invoke(),
        };

    /// <summary>Is given each event.</summary>
    public MessageHandler? OnEvent { get; set; }

    /// <summary>Is called behind each answer; true: it was done.</summary>
    public Action<bool>? OnAnswer { get; set; }

    /// <summary>Is called when the server refused the handshake, or has closed the connection.</summary>
    public Action? OnEnd { get; set; }

    /// <summary>How many messages were answered.</summary>
    public int Answers { get; private set; }

    /// <summary>How many of them with an error.</summary>
    public int Errors { get; private set; }

    /// <summary>The place where its last registration begins.</summary>
    public string Cursor { get; private set; } = "";

    /// <summary>Says one of the <see cref="ExtendedMessages"/>, as soon as the handshake is done.</summary>
    public void Say(string message)
    {
        if (_socket.IsOpen) _socket.SendText(message);
        else _early.Enqueue(message);
    }

    /// <summary>Reads nothing any more.</summary>
    public void BeDeaf() => _socket.BeDeaf();

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private void SayEarly()
    {
        while (_early.TryDequeue(out var message)) _socket.SendText(message);
    }

    private void OnMessage(ReadOnlySpan<byte> message)
    {
        var isDone = message.StartsWith("{\"type\":\"ack\""u8);
        if (!isDone && !message.StartsWith("{\"type\":\"error\""u8))
        {
            OnEvent?.Invoke(message);
            return;
        }

        Answers++;
        if (!isDone) Errors++;
        else if (CursorOf(message) is { } cursor) Cursor = cursor;
        OnAnswer?.Invoke(isDone);
    }

    /// <summary>The cursor at a message's end, where it has one.</summary>
    public static string? CursorOf(ReadOnlySpan<byte> message)
    {
        var name = "\"cursor\":\""u8;
        var at = message.LastIndexOf(name);
        return at < 0 ? null : Encoding.ASCII.GetString(message[(at + name.Length)..^2]);
    }
}
