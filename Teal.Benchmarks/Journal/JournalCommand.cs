using System.CommandLine;

namespace Teal.Benchmarks.Journal;

/// <summary><c>journal</c>: what a large embedded journal costs, and how that grows.</summary>
internal static class JournalCommand
{
    private static readonly int[] Shares = [4, 2, 1];

    /// <summary>The command with its options.</summary>
    public static Command Create()
    {
        var events = new Option<int>("--events")
        {
            Description = "How many events the largest journal holds",
            DefaultValueFactory = static _ => 1_000_000,
        };
        var each =
            new Option<int>("--events-per-topic") { Description = "How many of them a topic gets", DefaultValueFactory = static _ => 10 };
        var command = new Command("journal", "Fills the embedded journal to a quarter, a half and all of the events, and measures each")
        {
            events,
            each,
        };
        command.SetAction(async (parsed, _) =>
        {
            Console.Out.WriteLine("|  events |  topics | append, events/s | file | start | memory | lookup | replay, events/s |");
            Console.Out.WriteLine("| ------: | ------: | ---------------: | ---: | ----: | -----: | -----: | ---------------: |");
            foreach (var share in Shares)
            {
                var count = parsed.GetRequiredValue(events) / share;
                Console.Error.WriteLine($"{count:N0} events…");
                Console.Out.WriteLine(await JournalMeasurement.RunAsync(count, count / parsed.GetRequiredValue(each)));
            }
        });
        return command;
    }
}
