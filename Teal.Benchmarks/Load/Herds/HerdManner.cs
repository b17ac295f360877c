using Teal.Benchmarks.Load.Client;
using Teal.Benchmarks.Load.Servers;

namespace Teal.Benchmarks.Load.Herds;

/// <summary>How the programs of a herd come back.</summary>
/// <param name="Title">What the table calls it.</param>
/// <param name="Handshake">How a program shakes hands.</param>
/// <param name="Messages">What it says then for a state; it may go on from a cursor.</param>
/// <param name="Registered">How the message begins that says that it is registered.</param>
/// <param name="MissedEvents">How many events it is sent that came before; none: all that are kept, for which nobody waits.</param>
internal sealed record HerdManner(
    string Title, string Handshake, Func<string, string, string[]> Messages, string Registered, int? MissedEvents)
{
    /// <summary>How many events come behind the cursor.</summary>
    public const int EventsBehindCursor = 10;

    private const string Acknowledged = "{\"type\":\"ack\"", ProbeFailed = "{\"type\":\"callback_creation_failure\",\"state\":\"probe\"";

    public static IReadOnlyList<HerdManner> All { get; } =
    [
        new(
            "`teal.v2`, from a cursor on", TealServer.ExtendedHandshake(),
            static (state, cursor) => [ExtendedMessages.CreateAndRegister(state, cursor)], Acknowledged, EventsBehindCursor),
        new("classic, as the tutorial's client", TealServer.ClassicHandshake(), static (state, _) => Tutorial(state), ProbeFailed, 0),
        new(
            "`teal.v2`, from the earliest event on", TealServer.ExtendedHandshake(),
            static (state, _) => [ExtendedMessages.CreateAndRegister(state, "earliest")], Acknowledged, null),
    ];

    // The last one must fail, so that its answer tells that everything before it is done.
    private static string[] Tutorial(string state) =>
    [
        $"{TealServer.Create(state)[..^1]},\"register_to\":{{{Topics.Callback(state)}}}}}",
        $"{{\"create\":{{{Topics.Callback("probe")},\"expires_at\":\"1970-01-01T00:00:00\"}}}}",
    ];
}
