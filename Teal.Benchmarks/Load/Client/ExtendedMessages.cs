using Teal.Benchmarks.Load.Servers;

namespace Teal.Benchmarks.Load.Client;

/// <summary>What clients of <c>teal.v2</c> say; each message is answered.</summary>
internal static class ExtendedMessages
{
    private const string Id = "\"id\":1";

    /// <summary>Makes a state with a place to go to, or makes it again.</summary>
    public static string Create(string state) => $"{{{Id},{TealServer.Create(state)[1..]}";

    /// <summary>Deletes a state with its events.</summary>
    public static string Delete(string state) => $"{{{Id},\"delete\":{{{Topics.Callback(state)}}}}}";

    /// <summary>Registers for a topic, from a place on where it is given: a cursor, or <c>earliest</c>.</summary>
    public static string Register(string topic, string? after = null) => $"{{{Id},{RegisterTo(topic, after)}}}";

    /// <summary>Makes a state and registers for it, as a program does at each start.</summary>
    public static string CreateAndRegister(string state, string after) =>
        $"{Create(state)[..^1]},{RegisterTo(Topics.Callback(state), after)}}}";

    private static string RegisterTo(string topic, string? after) =>
        $"\"register_to\":{{{topic}{(after is null ? "" : $",\"after\":\"{after}\"")}}}";
}
