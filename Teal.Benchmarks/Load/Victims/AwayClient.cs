using System.Text;
using Teal.Benchmarks.Load.Client;
using Teal.Benchmarks.Load.Floods;

namespace Teal.Benchmarks.Load.Victims;

/// <summary>
/// A program that is registered for a topic of each kind, gets some events, and is away while a flood comes. Afterwards it goes on behind
/// its cursors, and is to get all that came meanwhile.
/// </summary>
/// <param name="target">The server.</param>
internal sealed class AwayClient(FloodTarget target)
{
    private const int EventsSeen = 3, EventsMissed = 5;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private readonly Place[] _places = MakePlaces();
    private int _gaps;

    /// <summary>Has it register, get some events, and leave; then more come.</summary>
    public void Leave()
    {
        using (var client = Connect())
        {
            client.Say(ExtendedMessages.Create(_places[0].Key));
            foreach (var place in _places) client.Say(ExtendedMessages.Register(place.Topic));
            target.Loop.RunUntil(() => client.Answers == 1 + _places.Length, "the registrations of a client that leaves");
            Send(EventsSeen);
            target.Loop.RunUntil(() => HaveTaken(EventsSeen), "the events of a client that leaves");
        }

        Send(EventsMissed);
    }

    /// <summary>Has it come back; tells how many of the events it did not get, or how often it was told that there may be such.</summary>
    public int ComeBack()
    {
        using var client = Connect();
        foreach (var place in _places) client.Say(ExtendedMessages.Register(place.Topic, place.Cursor));
        target.Loop.TryRunUntil(() => HaveTaken(EventsSeen + EventsMissed), Limit);
        return Math.Max(_gaps, _places.Sum(static place => EventsSeen + EventsMissed - place.Taken));
    }

    private static Place[] MakePlaces()
    {
        string state = Requests.Random(), request = Requests.Random(), domain = Requests.Random();
        return
        [
            new Place(state, Topics.Callback(state), Requests.Callback($"state={state}&code=1")),
            new Place(request, Topics.Notification(request), Requests.Notification(request)),
            new Place(domain, Topics.Webhook(domain), [.. Requests.WebhookHead($"{domain}.biapi.pro", 2), .. "{}"u8]),
        ];
    }

    private ExtendedClient Connect() => new(target.Loop, target.Server, Origin.Client) { OnEvent = Take };

    private bool HaveTaken(int count) => Array.TrueForAll(_places, place => place.Taken >= count);

    private void Take(ReadOnlySpan<byte> message)
    {
        if (message.StartsWith("{\"type\":\"gap\""u8))
        {
            _gaps++;
            return;
        }

        foreach (var place in _places) place.Take(message);
    }

    private void Send(int count)
    {
        foreach (var place in _places)
        {
            var (tally, left) = (new Tally(), count);
            using var sender = new Repeater(
                target with { Tally = tally }, target.Server.HttpPort, 1, _ => left-- > 0 ? [place.Request] : [])
            {
                Origin = Origin.Client,
            };
            target.Loop.RunUntil(() => tally.All == count, "events for a client");
        }
    }

    /// <summary>A topic, and how far the client is in it.</summary>
    private sealed class Place(string key, string topic, byte[] request)
    {
        private readonly byte[] _key = Encoding.ASCII.GetBytes(key);

        public string Key => key;

        public string Topic => topic;

        public ReadOnlyMemory<byte> Request => request;

        public string? Cursor { get; private set; }

        public int Taken { get; private set; }

        public void Take(ReadOnlySpan<byte> message)
        {
            if (message.IndexOf(_key) < 0) return;

            Taken++;
            Cursor = ExtendedClient.CursorOf(message);
        }
    }
}
