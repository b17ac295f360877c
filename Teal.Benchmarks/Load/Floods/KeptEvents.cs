using Teal.Benchmarks.Load.Client;

namespace Teal.Benchmarks.Load.Floods;

/// <summary>Events that a server is to hold before a flood begins.</summary>
internal static class KeptEvents
{
    private const int Senders = 16, WarmUpEvents = 8_000;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    /// <summary>Has a server compile what it uses most: a state that is called often.</summary>
    public static void WarmUp(FloodTarget target)
    {
        var state = Requests.Random();
        Create(target, state);
        Callbacks(target, state, target.Options.Scale(WarmUpEvents), length: 100);
    }

    /// <summary>Makes a state.</summary>
    public static void Create(FloodTarget target, string state) => Say(target, ExtendedMessages.Create(state));

    /// <summary>Has a state called so often.</summary>
    public static void Callbacks(FloodTarget target, string state, int count, int length)
    {
        ReadOnlyMemory<byte> request = Requests.Callback($"state={state}&x={new string('a', length)}");
        Send(target, count, _ => [request]);
    }

    /// <summary>Has a client register for a Powens domain and leave, and sends it so many webhooks.</summary>
    public static void Webhooks(FloodTarget target, string domain, int count, byte[] body)
    {
        Say(target, ExtendedMessages.Register(Topics.Webhook(domain)));
        ReadOnlyMemory<byte> head = Requests.WebhookHead($"{domain}.biapi.pro", body.Length);
        Send(target, count, _ => [head, body]);
    }

    /// <summary>The cursor behind a state's last event.</summary>
    public static string FindEnd(FloodTarget target, string state) => Say(target, ExtendedMessages.Register(Topics.Callback(state)));

    private static string Say(FloodTarget target, string message)
    {
        using var client = new ExtendedClient(target.Loop, target.Server, Origin.Client);
        client.Say(message);
        target.Loop.RunUntil(() => client.Answers > 0, "a client's answer");
        return client.Cursor;
    }

    private static void Send(FloodTarget target, int count, Func<int, ReadOnlyMemory<byte>[]> request)
    {
        var (tally, left) = (new Tally(), count);
        using var senders = new Repeater(
            target with { Tally = tally }, target.Server.HttpPort, Math.Min(Senders, count), index => left-- > 0 ? request(index) : [])
        {
            Origin = Origin.Client,
        };

        // Also those that are refused: a server may keep less than it is sent.
        target.Loop.TryRunUntil(() => tally.All >= count, Limit);
    }
}
