using Teal.Benchmarks.Load.Client;

namespace Teal.Benchmarks.Load;

/// <summary>How the scenes are run.</summary>
internal sealed record LoadOptions
{
    /// <summary>The published binary of Teal.</summary>
    public required string Binary { get; init; }

    /// <summary>The processor of the servers, as <c>taskset -c</c> takes it.</summary>
    public string ServerProcessor { get; init; } = "0";

    /// <summary>The processor of the load generator, of Redis and of RabbitMQ.</summary>
    public string ClientProcessor { get; init; } = "1";

    /// <summary>What the environment of Teal has more, such as a limit for its memory.</summary>
    public IReadOnlyDictionary<string, string> TealEnvironment { get; init; } = new Dictionary<string, string>();

    /// <summary>The names of the floods that are run; none: all of them.</summary>
    public IReadOnlyList<string> Floods { get; init; } = [];

    /// <summary>Smaller and shorter scenes, to see that all works; their figures say little.</summary>
    public bool IsShort { get; init; }

    /// <summary>How often each server is measured; the servers take turns.</summary>
    public int Rounds => IsShort ? 1 : 5;

    /// <summary>The same where the ratios vary most from round to round.</summary>
    public int ManyRounds => IsShort ? 1 : 9;

    /// <summary>How long a server is measured at a time.</summary>
    public TimeSpan RoundTime => TimeSpan.FromSeconds(IsShort ? 0.3 : 0.8);

    /// <summary>
    /// The same where two sizes are compared: an event for 2,000 clients is some 40 ms under way, and how they share their sending settles
    /// within some of them.
    /// </summary>
    public TimeSpan LongRoundTime => TimeSpan.FromSeconds(IsShort ? 0.3 : 2);

    /// <summary>How long it works each time that it warms up.</summary>
    public TimeSpan WarmUpTime => TimeSpan.FromSeconds(IsShort ? 0.3 : 1);

    /// <summary>
    /// How long it rests: .NET compiles its code anew, for what it does, in several steps and beside the work. A processor that is never
    /// idle has no time for that.
    /// </summary>
    public TimeSpan RestTime => TimeSpan.FromSeconds(IsShort ? 0.2 : 0.4);

    /// <summary>How long idle connections are watched.</summary>
    public TimeSpan IdleTime => TimeSpan.FromSeconds(IsShort ? 3 : 60);

    /// <summary>How long a flood lasts.</summary>
    public TimeSpan FloodTime => TimeSpan.FromSeconds(IsShort ? 2 : 8);

    /// <summary>How long a server may take to give memory back afterwards.</summary>
    public TimeSpan GiveBackTime => TimeSpan.FromSeconds(IsShort ? 5 : 60);

    /// <summary>Has a server warm up.</summary>
    public async Task WarmUpAsync(ILoad load, int times)
    {
        for (var i = 0; i < times; i++)
        {
            load.Run(WarmUpTime);
            await Task.Delay(RestTime, TimeProvider.System);
        }
    }

    /// <summary>A number of connections, topics or events; a tenth of it where all is short.</summary>
    public int Scale(int count) => IsShort ? Math.Max(1, count / 10) : count;
}
