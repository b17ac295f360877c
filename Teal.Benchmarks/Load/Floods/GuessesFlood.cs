namespace Teal.Benchmarks.Load.Floods;

/// <summary>Passwords are tried, one after the other, on connections that are kept.</summary>
internal sealed class GuessesFlood : IFlood
{
    private const int Connections = 8;

    public string Name => "guesses";

    public string Title => $"{Connections} connections try passwords";

    public IDisposable Start(FloodTarget target) =>
        new Repeater(target, target.Server.WebSocketPort, Connections, static _ => [Requests.Guess(Requests.Random())]);
}
